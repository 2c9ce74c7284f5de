"""Pages that a customer opens by a signed link: what is owed, paying, promising, disputing, preferences, surveys."""
