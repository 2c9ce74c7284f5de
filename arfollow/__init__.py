"""Accounts-receivable follow-up: whom to contact today about money owed, and a record an auditor can trust."""
