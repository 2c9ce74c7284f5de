"""Reads of companies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session, defer

from arfollow.companies.letterhead import Letterhead
from arfollow.companies.tables import BankAccount, Company
from arfollow.database import plain_rows
from arfollow.values.workdays import is_working_day

# Made once: to build it anew would take longer than to run it.
_BANK_ACCOUNTS = (
    select(*BankAccount.__table__.columns)
    .where(BankAccount.company_id == bindparam("company_id", type_=Integer()))
    .order_by(BankAccount.id)
)


@dataclass(frozen=True, kw_only=True)
class CompanyName:
    """A company, and what it takes to know its today."""

    id: int
    name: str
    timezone: str


@dataclass(frozen=True, kw_only=True)
class BankDetails:
    """Where customers pay a currency to; `account`: numbers as its country writes them, where there is no IBAN."""

    currency: str
    holder: str
    bank: str
    iban: str
    bic: str
    account: str = ""


@dataclass(frozen=True, kw_only=True)
class Logo:
    """An image, SVG or PNG, that was checked when it came in."""

    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class CompanyProfile:
    """Everything about a company but its logo's bytes. `tolerances`: minor units by currency."""

    id: int
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    phone: str
    email: str
    website: str
    vat: str
    language: str
    currency: str
    timezone: str
    letterhead: Letterhead
    has_logo: bool
    tolerances: Mapping[str, int]
    bucket_days: Sequence[int]
    import_limit_days: int
    promise_limit_days: int
    bank_accounts: Sequence[BankDetails]


@dataclass(frozen=True, kw_only=True)
class TextHours:
    """When text messages may go out, where the customer lives: from `begin` (inclusive) until `end` (exclusive)."""

    begin: time
    end: time
    on_days_of_rest: bool


@dataclass(frozen=True, kw_only=True)
class AutomaticSending:
    """When automatic e-mails go out, who is told, and who has stopped them; `stopped_at` None: nobody.

    `digest_email` is empty when nobody can be told; `own_digest_email` is what was entered for it. `outdated_on`: the day of the open items, when that is too long ago.
    """

    hour: int
    digest_email: str
    own_digest_email: str
    stopped_at: datetime | None
    stopped_by: str
    outdated_on: date | None
    is_working_day: bool


def automatic_sending(session: Session, *, company_id: int, today: date) -> AutomaticSending:
    """The company's automatic sending as of today."""
    company = session.get_one(Company, company_id, options=[defer(Company.logo)], populate_existing=True)
    imported_on, limit = company.imported_on, company.import_limit_days
    return AutomaticSending(
        hour=company.automatic_hour,
        digest_email=company.digest_email or company.email,
        own_digest_email=company.digest_email,
        stopped_at=company.automatic_stopped_at,
        stopped_by=company.automatic_stopped_by,
        outdated_on=imported_on if imported_on and (today - imported_on).days > limit else None,
        is_working_day=is_working_day(today, country=company.country),
    )


def text_hours(session: Session, *, company_id: int) -> TextHours:
    """When the company's text messages may go out."""
    row = session.execute(
        select(Company.texts_from, Company.texts_until, Company.texts_on_days_of_rest).where(
            Company.id == company_id
        )
    ).one()
    return TextHours(begin=row[0], end=row[1], on_days_of_rest=row[2])


def auditor_email(session: Session, *, company_id: int) -> str:
    """Who gets the head of the log every day; empty: nobody."""
    return session.scalar(select(Company.auditor_email).where(Company.id == company_id)) or ""


def company_names(session: Session) -> Sequence[CompanyName]:
    """All companies, by name."""
    rows = session.execute(
        select(Company.id, Company.name, Company.timezone).order_by(Company.name, Company.id)
    )
    return [CompanyName(id=row.id, name=row.name, timezone=row.timezone) for row in rows]


def find_company(session: Session, *, company_id: int) -> CompanyProfile:
    """The company; raise NoResultFound when there is none."""
    company = session.get_one(Company, company_id, options=[defer(Company.logo)])
    return CompanyProfile(
        id=company.id,
        name=company.name,
        street=company.street,
        postal_code=company.postal_code,
        city=company.city,
        country=company.country,
        phone=company.phone,
        email=company.email,
        website=company.website,
        vat=company.vat,
        language=company.language,
        currency=company.currency,
        timezone=company.timezone,
        letterhead=Letterhead(**{each.name: getattr(company, each.name) for each in fields(Letterhead)}),
        has_logo=company.logo_media_type != "",
        tolerances=dict(company.tolerances),
        bucket_days=tuple(company.bucket_days),
        import_limit_days=company.import_limit_days,
        promise_limit_days=company.promise_limit_days,
        bank_accounts=bank_accounts(session, company_id=company_id),
    )


def bank_accounts(session: Session, *, company_id: int) -> Sequence[BankDetails]:
    """The company's bank accounts, in the order in which they were entered."""
    rows = plain_rows(session, _BANK_ACCOUNTS, {"company_id": company_id})
    return [
        BankDetails(
            currency=row.currency,
            holder=row.holder,
            bank=row.bank,
            iban=row.iban,
            bic=row.bic,
            account=row.account,
        )
        for row in rows
    ]


def find_logo(session: Session, *, company_id: int) -> Logo | None:
    """The company's logo; None when it has none."""
    row = session.execute(
        select(Company.logo, Company.logo_media_type).where(Company.id == company_id)
    ).one_or_none()
    return None if row is None or row.logo is None else Logo(media_type=row.logo_media_type, content=row.logo)
