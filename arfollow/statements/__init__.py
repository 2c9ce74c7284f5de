"""Aging, statement and letter: facts, HTML, PDF."""
