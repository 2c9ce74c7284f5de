"""Backups: everything in one file, made while all goes on, and loaded into an empty database of either engine."""
