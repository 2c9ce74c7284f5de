"""Files of other programs: imports of ledgers, and of lists of open items."""
