"""Text messages: the gateway they leave by, its reports, and what customers write."""
