"""How each action of a level is done; levels/actions.py says what it is."""
