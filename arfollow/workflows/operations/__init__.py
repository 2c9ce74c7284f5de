"""Writes of workflows."""
