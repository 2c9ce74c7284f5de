"""What a plan would do to a ledger: a scenario played day by day through the rules of the list."""
