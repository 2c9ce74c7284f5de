"""What the tables of follow-up hold as files: one module for each page."""
