"""People: sign-in, and their roles per company."""
