"""What is known of a customer beside its account: own fields, lists, consents, events."""
