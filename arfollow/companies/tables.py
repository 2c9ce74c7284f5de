"""Tables of companies."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class Company(Table):
    """A creditor. Tolerances are minor units by currency; bucket_days are the upper borders of the aging buckets.

    `footer` is the right column of the letters' foot; empty text in the letterhead's columns: as in `companies.letterhead`.

    Text messages go out from `texts_from` until `texts_until`, where the customer lives, and on Sundays and holidays only if
    `texts_on_days_of_rest`.

    Automatic e-mails go out from `automatic_hour` (0 to 23, in its time zone) on; `digest_email` is told, if empty: `email`.
    """

    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    street: Mapped[str] = mapped_column(default="")
    postal_code: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(String(2))
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    vat: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    currency: Mapped[str] = mapped_column(String(3))
    timezone: Mapped[str] = mapped_column(default="Europe/Berlin")
    logo: Mapped[bytes | None]
    logo_media_type: Mapped[str] = mapped_column(default="")
    footer: Mapped[str] = mapped_column(default="")
    accent: Mapped[str] = mapped_column(String(7), default="")
    window: Mapped[str] = mapped_column(String(8), default="ours")
    sender_line: Mapped[str] = mapped_column(default="")
    contact_line: Mapped[str] = mapped_column(default="")
    footer_left: Mapped[str] = mapped_column(default="")
    footer_middle: Mapped[str] = mapped_column(default="")
    pay_link: Mapped[str] = mapped_column(default="")
    payment_codes: Mapped[bool] = mapped_column(default=True)
    tolerances: Mapped[dict[str, Any]] = mapped_column(default=dict)
    bucket_days: Mapped[list[Any]] = mapped_column(default=lambda: [30, 60, 90, 120])
    import_limit_days: Mapped[int] = mapped_column(default=3)
    promise_limit_days: Mapped[int] = mapped_column(default=30)
    imported_on: Mapped[date | None]
    auditor_email: Mapped[str] = mapped_column(default="")
    automatic_hour: Mapped[int] = mapped_column(default=8)
    digest_email: Mapped[str] = mapped_column(default="")
    texts_from: Mapped[time] = mapped_column(default=time(8))
    texts_until: Mapped[time] = mapped_column(default=time(20))
    texts_on_days_of_rest: Mapped[bool] = mapped_column(default=False)
    automatic_stopped_at: Mapped[datetime | None]
    automatic_stopped_by: Mapped[str] = mapped_column(default="")


class BankAccount(Table):
    """Where customers pay a currency to; shown on letters of that currency."""

    __tablename__ = "bank_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    currency: Mapped[str] = mapped_column(String(3))
    holder: Mapped[str] = mapped_column(default="")
    bank: Mapped[str] = mapped_column(default="")
    iban: Mapped[str] = mapped_column(default="")
    bic: Mapped[str] = mapped_column(default="")
    account: Mapped[str] = mapped_column(default="")
