"""The append-only, hash-chained log of every contact, and its documents."""
