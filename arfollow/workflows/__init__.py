"""Workflows: timed, event-driven and conditional routes that customers follow."""
