"""Pure rules of follow-up: which level an item reaches when, and who is on the list."""
