"""The daily list, the customer page, and everything done there."""
