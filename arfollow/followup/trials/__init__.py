"""What a plan would do to the company's own ledger: the rules of the list, played ahead for sixty days."""
