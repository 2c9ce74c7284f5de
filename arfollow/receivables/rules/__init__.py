"""Pure rules of the ledger: residuals, settlement, promises, what may be chased."""
