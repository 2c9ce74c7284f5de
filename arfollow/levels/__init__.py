"""Plans and levels, their wording, and the rules of who is followed up when."""
