"""Enters the rows of files into books: pure, and every problem is noted with its row and field."""
