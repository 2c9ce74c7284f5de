"""Surveys as a company keeps them: their versions, what was answered, and what came of it."""
