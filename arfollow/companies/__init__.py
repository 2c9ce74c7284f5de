"""The creditors: address, bank accounts, calendar, letterhead, tolerance, buckets."""
