"""Gathers what a letter, an e-mail or a statement shows. Reads only; the same rows give equal facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from arfollow.companies.queries import CompanyProfile, find_company, find_logo
from arfollow.levels.queries import (
    LevelView,
    NoWordingError,
    WordingView,
    find_level,
    find_wording,
    wording_for,
)
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.queries.credits import unapplied_credits
from arfollow.receivables.queries.customers import CustomerCard, find_customer_by_id
from arfollow.receivables.queries.items import open_items
from arfollow.statements.addresses import address_lines, envelope_lines
from arfollow.statements.catalogue import letter_locale, words
from arfollow.statements.facts import Bank, Creditor, LetterFacts, OurContact, Paper
from arfollow.statements.rules import Statement, UnappliedRow, claiming, statement
from arfollow.statements.variables import worded
from arfollow.users.queries import find_account

_US_LETTER = frozenset("BZ CA CL CO CR DO GT HN MX NI PA PH PR SV US VE".split())


class UnknownCustomerError(LookupError):
    """The company has no such customer."""

    def __init__(self) -> None:
        super().__init__("There is no such customer any more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """A company as its letters show it; `language` and `country` are the company's."""

    creditor: Creditor
    paper: Paper
    language: str
    country: str


def letter_facts(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    level_id: int,
    today: date,
    channel: str = "letter",
    wording_id: int | None = None,
    draft: bool = False,
) -> LetterFacts:
    """A letter or (`channel`) email of the level to the customer, dated today; `wording_id` picks a version, else the one in force.

    It speaks the customer's language where the level is worded in it, else the company's, else English, throughout.
    Raise UnknownCustomerError, NothingToClaimError, NoWordingError, WordingError.
    """
    card = _card(session, company_id, customer_id)
    head = letterhead(session, company_id=company_id)
    level = find_level(session, company_id=company_id, level_id=level_id)
    if level is None:
        raise NoWordingError("This level")
    found = customer_statement(session, company_id=company_id, customer_id=customer_id, day=today)
    claiming(found, courtesy=level.draft.days <= 0)
    wording = _wording(session, company_id, level, wording_id, (card.language, head.language))
    facts = LetterFacts(
        locale=letter_locale(spoken=(wording.language,), country=card.country or head.country),
        paper=head.paper,
        dated=today,
        creditor=head.creditor,
        address=_address(card, head),
        customer_number=card.number,
        customer_name=card.name,
        our_contact=_our_contact(session, card, head),
        statement=found,
        title="",
        level=level.draft.name,
        deadline=today + timedelta(days=level.draft.deadline_days) if found.claimed else None,
        draft=draft,
    )
    return worded(facts, wording.text, contact_name=_contact_name(card, channel), channel=channel)


def statement_facts(
    session: Session, *, company_id: int, customer_id: int, today: date, held_customer: bool = False
) -> LetterFacts:
    """A statement of the customer's account, dated today; raise UnknownCustomerError.

    `held_customer`: leave everything out while the customer is on hold, as mail of the follow-up does.
    """
    card = _card(session, company_id, customer_id)
    head = letterhead(session, company_id=company_id)
    locale = letter_locale(spoken=(card.language, head.language), country=card.country or head.country)
    title = words(locale).gettext("Statement of account")
    return LetterFacts(
        locale=locale,
        paper=head.paper,
        dated=today,
        creditor=head.creditor,
        address=_address(card, head),
        customer_number=card.number,
        customer_name=card.name,
        our_contact=_our_contact(session, card, head),
        statement=customer_statement(
            session,
            company_id=company_id,
            customer_id=customer_id,
            day=today,
            customer_hold_counts=held_customer,
        ),
        title=title,
        subject=f"{title} · {head.creditor.name}",
    )


def customer_statement(
    session: Session, *, company_id: int, customer_id: int, day: date, customer_hold_counts: bool = True
) -> Statement:
    """What the customer's account lists on the day; see `rules.statement`."""
    account = accounts(session, customer_ids=[customer_id], day=day)[customer_id]
    lines = open_items(session, company_id=company_id, customer_id=customer_id, day=day)
    credits_ = unapplied_credits(session, company_id=company_id, customer_id=customer_id, day=day)
    return statement(
        account,
        references={line.id: line.reference for line in lines if line.reference},
        credits_=[
            (
                each.currency,
                UnappliedRow(kind=each.kind, number=each.number, date=each.date, left=each.unapplied),
            )
            for each in credits_
        ],
        customer_hold_counts=customer_hold_counts,
    )


def letterhead(session: Session, *, company_id: int) -> Letterhead:
    """The company's letterhead."""
    company = find_company(session, company_id=company_id)
    logo = find_logo(session, company_id=company_id) if company.has_logo else None
    return Letterhead(
        creditor=Creditor(
            name=company.name,
            address=_lines(company),
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
        ),
        paper=Paper.LETTER if company.country in _US_LETTER else Paper.A4,
        language=company.language,
        country=company.country,
    )


def _card(session: Session, company_id: int, customer_id: int) -> CustomerCard:
    card = find_customer_by_id(session, company_id=company_id, customer_id=customer_id)
    if card is None:
        raise UnknownCustomerError
    return card


def _wording(
    session: Session, company_id: int, level: LevelView, wording_id: int | None, languages: Sequence[str]
) -> WordingView:
    if wording_id is None:
        return wording_for(session, company_id=company_id, level_id=level.id, languages=languages)
    found = find_wording(session, company_id=company_id, wording_id=wording_id)
    if found is None or found.level_id != level.id:
        raise NoWordingError(level.draft.name)
    return found


def _lines(company: CompanyProfile) -> tuple[str, ...]:
    return address_lines(
        names=(),
        street=company.street,
        postal_code=company.postal_code,
        city=company.city,
        country=company.country,
    )


def _address(card: CustomerCard, head: Letterhead) -> tuple[str, ...]:
    to = card.postal_address
    lines = address_lines(
        names=(to.name, to.attention),
        street=to.street,
        postal_code=to.postal_code,
        city=to.city,
        country=to.country,
    )
    return envelope_lines(
        lines, country=to.country, sender_country=head.country, sender_language=head.language
    )


def _our_contact(session: Session, card: CustomerCard, head: Letterhead) -> OurContact:
    user = find_account(session, user_id=card.responsible_id) if card.responsible_id else None
    if user is None or not user.active:
        return OurContact(name=head.creditor.name, phone=head.creditor.phone, email=head.creditor.email)
    return OurContact(name=user.name, phone=user.phone or head.creditor.phone, email=user.email)


def _contact_name(card: CustomerCard, channel: str) -> str:
    """The person who is written to; empty when only the customer itself is known."""
    name = card.mailbox.name if channel == "email" else card.postal_address.attention
    return "" if name == card.name else name
