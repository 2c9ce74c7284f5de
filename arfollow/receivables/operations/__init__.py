"""Writes of the ledger, of holds, disputes and promises."""
