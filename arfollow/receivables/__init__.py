"""Customers, contacts, invoices, payments, promises, disputes and holds."""
