"""What enrols customers by itself: events, days, changes, the end of another workflow."""
