"""The letterhead's editor: what a company chooses, and what letters then look like."""
