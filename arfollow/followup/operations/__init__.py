"""Writes of follow-up: the stored list, actions, Done, Do It Later, reminders."""
