"""The pure rules of workflows."""
