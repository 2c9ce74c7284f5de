"""To-dos with person, date and outcome."""
