"""Pure value types: money, dates, working days."""
