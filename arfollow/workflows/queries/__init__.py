"""Reads of workflows."""
