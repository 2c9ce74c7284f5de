"""Loads what letters, statements and e-mails are made of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.companies.queries import CompanyProfile, find_company, find_logo
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.queries.credits import unapplied_credits
from arfollow.receivables.queries.customers import CustomerCard, find_customer_by_id
from arfollow.receivables.rules.accounts import Account
from arfollow.receivables.tables import Instalment, Invoice
from arfollow.statements.addresses import address_lines, envelope_lines
from arfollow.statements.catalogue import letter_locale, words
from arfollow.statements.facts import Bank, Creditor, LetterFacts, OurContact, Paper
from arfollow.statements.rules import Statement, UnappliedRow, statement
from arfollow.users.tables import User

# Source: Unicode CLDR, measurement data, paper size.
_US_PAPER = frozenset("BZ CA CL CO CR GT MX NI PA PH PR SV US VE".split())


class NoCustomerError(LookupError):
    """The company has no such customer."""

    def __init__(self) -> None:
        super().__init__("There is no such customer.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """Facts without a level's words yet, and whom they go to. `email` is empty when no address is on file."""

    facts: LetterFacts
    contact_name: str
    email_name: str
    email: str
    languages: tuple[str, ...]


def correspondence(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    day: date,
    item_ids: Collection[int] | None = None,
    customer_hold_counts: bool = True,
) -> Correspondence:
    """The customer's account on the day, as a statement shows it; raise NoCustomerError.

    `item_ids`: only these items, such as those that a click froze; None: all. `customer_hold_counts`: leave a customer on
    hold without rows, as a letter must; a statement that somebody asks for shows everything.
    """
    card = find_customer_by_id(session, company_id=company_id, customer_id=customer_id)
    if card is None:
        raise NoCustomerError
    company = find_company(session, company_id=company_id)
    languages = (card.language, company.language)
    locale = letter_locale(spoken=languages, country=card.country or company.country)
    account = _account(session, customer_id, day, item_ids)
    return Correspondence(
        facts=LetterFacts(
            locale=locale,
            paper=paper_of(company.country),
            dated=day,
            creditor=creditor(session, company=company),
            address=_address(card, company),
            customer_number=card.number,
            customer_name=card.name,
            our_contact=_our_contact(session, card, company),
            statement=_statement(session, card, account, customer_hold_counts=customer_hold_counts),
            title=words(locale).gettext("Statement of account"),
        ),
        contact_name=card.postal_address.attention,
        email_name=card.mailbox.name,
        email=card.mailbox.email,
        languages=languages,
    )


def _account(session: Session, customer_id: int, day: date, item_ids: Collection[int] | None) -> Account:
    account = accounts(session, customer_ids=[customer_id], day=day)[customer_id]
    if item_ids is None:
        return account
    return replace(account, items=tuple(item for item in account.items if item.id in item_ids))


def paper_of(country: str) -> Paper:
    """The paper that the country prints on."""
    return Paper.LETTER if country in _US_PAPER else Paper.A4


def creditor(session: Session, *, company: CompanyProfile) -> Creditor:
    """The company as its letterhead shows it."""
    logo = find_logo(session, company_id=company.id) if company.has_logo else None
    return Creditor(
        name=company.name,
        address=address_lines(
            names=(),
            street=company.street,
            postal_code=company.postal_code,
            city=company.city,
            country=company.country,
        ),
        phone=company.phone,
        email=company.email,
        website=company.website,
        vat=company.vat,
        footer=company.footer,
        logo=logo.content if logo else None,
        logo_media_type=logo.media_type if logo else "",
        banks=tuple(
            Bank(currency=each.currency, holder=each.holder, bank=each.bank, iban=each.iban, bic=each.bic)
            for each in company.bank_accounts
        ),
    )


def _address(card: CustomerCard, company: CompanyProfile) -> tuple[str, ...]:
    to = card.postal_address
    lines = address_lines(
        names=(to.name, to.attention),
        street=to.street,
        postal_code=to.postal_code,
        city=to.city,
        country=to.country,
    )
    return envelope_lines(
        lines, country=to.country, sender_country=company.country, sender_language=company.language
    )


def _our_contact(session: Session, card: CustomerCard, company: CompanyProfile) -> OurContact:
    responsible = session.get(User, card.responsible_id) if card.responsible_id else None
    if responsible is None or not responsible.active:
        return OurContact(name=company.name, phone=company.phone, email=company.email)
    return OurContact(
        name=responsible.name, phone=responsible.phone or company.phone, email=responsible.email
    )


def _statement(
    session: Session, card: CustomerCard, account: Account, *, customer_hold_counts: bool
) -> Statement:
    credits_ = unapplied_credits(session, company_id=card.company_id, customer_id=card.id, day=account.as_of)
    ids = [item.id for item in account.items]
    references = session.execute(
        select(Instalment.id, Invoice.reference)
        .join(Invoice, Invoice.id == Instalment.invoice_id)
        .where(Instalment.id.in_(ids))
    )
    return statement(
        account,
        references=dict(references.all()),
        credits_=[
            (
                each.currency,
                UnappliedRow(kind=each.kind, number=each.number, date=each.date, left=each.unapplied),
            )
            for each in credits_
        ],
        customer_hold_counts=customer_hold_counts,
    )
