"""Tables of receivables. Amounts are minor units and positive; `company_id` is on every row."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Minor, Table


class Customer(Table):
    """A debtor account. `responsible_by_rule`: a rule of the company chose who is responsible, not a person or a file.

    `phone_number`: the telephone as E.164, empty where it is none; None until the worker has read it (operations/numbers.py).
    `sales_id`: its sales representative, whoever is responsible for what it owes.
    """

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        Index(None, "company_id", "name"),
        Index(None, "phone_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    number: Mapped[str]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    street: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    language: Mapped[str] = mapped_column(String(8), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    vat: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    responsible_by_rule: Mapped[bool] = mapped_column(default=False)
    phone_number: Mapped[str | None] = mapped_column(String(20))
    sales_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ResponsibilityRule(Table):
    """A rule of who is responsible for which customers; see rules/responsibility.py. The lowest position comes first."""

    __tablename__ = "responsibility_rules"
    __table_args__ = (UniqueConstraint("company_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    position: Mapped[int]
    by: Mapped[str] = mapped_column(String(12))
    asked: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class ResponsibilityVersion(Table):
    """How often the company's rules of responsibility have been changed, and up to which change they were carried out."""

    __tablename__ = "responsibility_versions"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    wanted: Mapped[int]
    applied: Mapped[int]


class Contact(Table):
    """A person or address of a customer; kind: billing or dunning. `phone_number`: as a customer's."""

    __tablename__ = "contacts"
    __table_args__ = (Index(None, "phone_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    street: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    phone_number: Mapped[str | None] = mapped_column(String(20))


class Invoice(Table):
    """An invoice; what is owed of it, and when, stands in its instalments."""

    __tablename__ = "invoices"
    __table_args__ = (UniqueConstraint("company_id", "number"), Index(None, "company_id", "date"))

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    number: Mapped[str]
    date: Mapped[dt.date]
    currency: Mapped[str] = mapped_column(String(3))
    reference: Mapped[str] = mapped_column(default="")


class Instalment(Table):
    """A part of an invoice with its own due date. `settled_on`: the day its residual becomes 0 by what is known."""

    __tablename__ = "instalments"
    __table_args__ = (
        UniqueConstraint("invoice_id", "number"),
        Index(None, "customer_id", "settled_on"),
        Index(None, "company_id", "settled_on"),
        Index(None, "company_id", "due_date"),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    number: Mapped[int]
    due_date: Mapped[dt.date]
    amount: Mapped[int] = mapped_column(Minor)
    settled_on: Mapped[dt.date | None]


class Credit(Table):
    """What can settle items: a payment or a credit note (`kind`). A reversed payment is worth nothing from `reversed_on`.

    `used_up_on`: the day on which nothing of it is left unapplied by what is known; null while something is.
    """

    __tablename__ = "credits"
    __table_args__ = (
        UniqueConstraint("company_id", "kind", "number"),
        Index(None, "customer_id", "used_up_on"),
        Index(None, "company_id", "used_up_on"),
        Index(None, "company_id", "date"),
        CheckConstraint("amount > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[str] = mapped_column(String(12))
    number: Mapped[str]
    date: Mapped[dt.date]
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(Minor)
    reference: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(String(12), default="ledger")
    reversed_on: Mapped[dt.date | None]
    used_up_on: Mapped[dt.date | None]


class Allocation(Table):
    """Part of a credit applied to an instalment from `date` until the day before `ended_on`.

    `origin`: clerk, ledger (a file of the ERP said so) or open-items (concluded from a list of open items).
    """

    __tablename__ = "allocations"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    credit_id: Mapped[int] = mapped_column(ForeignKey("credits.id"), index=True)
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalments.id"), index=True)
    date: Mapped[dt.date]
    amount: Mapped[int] = mapped_column(Minor)
    ended_on: Mapped[dt.date | None]
    origin: Mapped[str] = mapped_column(String(12), default="clerk")


class Hold(Table):
    """No follow-up for a customer, or for one instalment; `until` is its last day, null: until released."""

    __tablename__ = "holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    instalment_id: Mapped[int | None] = mapped_column(ForeignKey("instalments.id"))
    reason: Mapped[str]
    set_on: Mapped[dt.date]
    until: Mapped[dt.date | None]
    released_on: Mapped[dt.date | None]


class Dispute(Table):
    """A part (`amount`) or the whole (null) of an instalment that the customer contests."""

    __tablename__ = "disputes"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalments.id"))
    amount: Mapped[int | None] = mapped_column(Minor)
    reason: Mapped[str]
    opened_on: Mapped[dt.date]
    resolved_on: Mapped[dt.date | None]
    outcome: Mapped[str] = mapped_column(default="")


class Promise(Table):
    """A customer's word to pay `amount` by `due_on`; `grace_days` are those of the plan when it was made."""

    __tablename__ = "promises"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(Minor)
    made_on: Mapped[dt.date]
    due_on: Mapped[dt.date]
    grace_days: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")
    cancelled_on: Mapped[dt.date | None]


class PromiseItem(Table):
    """An instalment that a promise is about."""

    __tablename__ = "promise_items"

    promise_id: Mapped[int] = mapped_column(ForeignKey("promises.id"), primary_key=True)
    instalment_id: Mapped[int] = mapped_column(ForeignKey("instalments.id"), primary_key=True, index=True)


class SignedLink(Table):
    """A link by which one customer opens one page without signing in; see rules/links.py for what is kept of its token.

    `about`: what it was sent for, such as a workflow's step; `used_at`: when it was opened by hand last.
    """

    __tablename__ = "signed_links"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    page: Mapped[str] = mapped_column(String(12))
    about: Mapped[dict[str, Any]]
    nonce: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    used_at: Mapped[dt.datetime | None]


class LedgerImport(Table):
    """One import that was applied: when, by whom, what it changed, and the totals before and after.

    `facts`: files, counts, totals and the digests of its documents, as `exchange` keeps them; none of imports before there were any.
    """

    __tablename__ = "ledger_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    at: Mapped[dt.datetime]
    by: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    as_of: Mapped[dt.date | None]
    summary: Mapped[str]
    facts: Mapped[dict[str, Any] | None]
    undone_at: Mapped[dt.datetime | None]
    undone_by: Mapped[str | None]
