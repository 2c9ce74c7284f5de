"""Reads of follow-up: facts for the rules, the list, the customer page."""
