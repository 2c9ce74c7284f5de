"""The outbox and one file per channel."""
