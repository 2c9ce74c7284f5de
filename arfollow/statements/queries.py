"""Loads what letters, statements and e-mails are made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from arfollow.companies.letterhead import ACCENT, Letterhead, window_of
from arfollow.companies.queries import BankDetails, CompanyProfile, Logo, find_company, find_logo
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.queries.credits import unapplied_credits_of
from arfollow.receivables.queries.customers import CustomerCard, cards_of
from arfollow.receivables.rules.accounts import Account
from arfollow.receivables.tables import Instalment, Invoice
from arfollow.statements.addresses import address_lines, envelope_lines
from arfollow.statements.catalogue import letter_locale, words
from arfollow.statements.facts import Bank, Creditor, LetterFacts, OurContact, Paper, Place
from arfollow.statements.rules import Statement, UnappliedRow, statement
from arfollow.users.queries import away_on
from arfollow.users.rules import stand_in
from arfollow.users.tables import User

# Source: Unicode CLDR, measurement data, paper size.
_US_PAPER = frozenset("BZ CA CL CO CR GT MX NI PA PH PR SV US VE".split())

# Made once: to build it anew would take longer than to run it.
_REFERENCES = (
    select(Instalment.id, Invoice.reference)
    .join(Invoice, Invoice.id == Instalment.invoice_id)
    .where(Instalment.id.in_(bindparam("ids", type_=Integer(), expanding=True)))
)


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
    found = correspondences(
        session,
        company_id=company_id,
        customer_ids=[customer_id],
        day=day,
        item_ids=item_ids,
        despite_hold=() if customer_hold_counts else (customer_id,),
    )
    if customer_id not in found:
        raise NoCustomerError
    return found[customer_id]


def correspondences(
    session: Session,
    *,
    company_id: int,
    customer_ids: Collection[int],
    day: date,
    item_ids: Collection[int] | None = None,
    despite_hold: Collection[int] = (),
) -> dict[int, Correspondence]:
    """The same for many customers, by id; those that the company does not have are left out.

    `despite_hold`: customers whose own hold does not count.
    """
    company = find_company(session, company_id=company_id)
    letterhead = creditor(session, company=company)
    cards = cards_of(session, company_id=company_id, customer_ids=customer_ids)
    people = _people(session, cards.values(), day)
    found = _accounts(session, cards, day, item_ids)
    statements = _statements(session, company_id, found, day, despite_hold=despite_hold)
    return {
        card.id: _correspondence(card, company, letterhead, people, statements[card.id])
        for card in cards.values()
    }


def _correspondence(
    card: CustomerCard,
    company: CompanyProfile,
    letterhead: Creditor,
    people: Mapping[int, User],
    statement_: Statement,
) -> Correspondence:
    languages = (card.language, company.language)
    locale = letter_locale(spoken=languages, country=card.country or company.country)
    return Correspondence(
        facts=LetterFacts(
            locale=locale,
            paper=paper_of(card.postal_address.country or company.country),
            dated=statement_.as_of,
            creditor=_towards(card, company, letterhead),
            address=_address(card, company),
            customer_number=card.number,
            customer_name=card.name,
            our_contact=_our_contact(people.get(card.responsible_id or 0), company),
            statement=statement_,
            title=words(locale).gettext("Statement of account"),
            place=_place(card, company),
        ),
        contact_name=card.postal_address.attention,
        email_name=card.mailbox.name,
        email=card.mailbox.email,
        languages=languages,
    )


def _towards(card: CustomerCard, company: CompanyProfile, letterhead: Creditor) -> Creditor:
    """The letterhead with the window for this customer, where that is chosen by the customer's country."""
    window = window_of(
        company.letterhead.window,
        company_country=company.country,
        customer_country=card.postal_address.country,
    )
    return letterhead if window == letterhead.window else replace(letterhead, window=window)


def _place(card: CustomerCard, company: CompanyProfile) -> Place:
    to = card.postal_address
    return Place(
        street=to.street, postal_code=to.postal_code, city=to.city, country=to.country or company.country
    )


def _accounts(
    session: Session, customer_ids: Collection[int], day: date, item_ids: Collection[int] | None
) -> dict[int, Account]:
    found = accounts(session, customer_ids=customer_ids, day=day)
    if item_ids is None:
        return found
    return {
        customer_id: replace(account, items=tuple(item for item in account.items if item.id in item_ids))
        for customer_id, account in found.items()
    }


def paper_of(country: str) -> Paper:
    """The paper that the country prints on."""
    return Paper.LETTER if country in _US_PAPER else Paper.A4


def creditor(session: Session, *, company: CompanyProfile) -> Creditor:
    """The company as its letterhead shows it to customers of its own country."""
    logo = find_logo(session, company_id=company.id) if company.has_logo else None
    return creditor_of(
        company,
        letterhead=company.letterhead,
        banks=company.bank_accounts,
        country=company.country,
        logo=logo,
    )


def creditor_of(
    company: CompanyProfile,
    *,
    letterhead: Letterhead,
    banks: Sequence[BankDetails],
    country: str,
    logo: Logo | None,
) -> Creditor:
    """The company under this letterhead, which may not be its own yet; `country`: the customer's."""
    chosen = asdict(letterhead)
    window = window_of(chosen.pop("window"), company_country=company.country, customer_country=country)
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
        logo=logo.content if logo else None,
        logo_media_type=logo.media_type if logo else "",
        banks=tuple(Bank(**asdict(each)) for each in banks),
        place=Place(
            street=company.street,
            postal_code=company.postal_code,
            city=company.city,
            country=company.country,
        ),
        window=window,
        **{**chosen, "accent": chosen["accent"] or ACCENT},
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


def _people(session: Session, cards: Collection[CustomerCard], today: date) -> Mapping[int, User]:
    """Who is responsible and still here, by the id of whom the customer's card names: on days away, the stand-in."""
    ids = {card.responsible_id for card in cards if card.responsible_id}
    if not ids:
        return {}
    away = away_on(session, company_id=next(iter(cards)).company_id, day=today)
    at_work = {user_id: stand_in(user_id, away) for user_id in ids}
    users = session.scalars(select(User).where(User.id.in_(at_work.values()), User.active))
    found = {user.id: user for user in users}
    return {user_id: found[other] for user_id, other in at_work.items() if other in found}


def _our_contact(responsible: User | None, company: CompanyProfile) -> OurContact:
    if responsible is None:
        return OurContact(name=company.name, phone=company.phone, email=company.email)
    return OurContact(
        name=responsible.name, phone=responsible.phone or company.phone, email=responsible.email
    )


def _statements(
    session: Session,
    company_id: int,
    found: Mapping[int, Account],
    day: date,
    *,
    despite_hold: Collection[int],
) -> dict[int, Statement]:
    """The statement of each account, by customer."""
    credits_ = _credits(session, company_id, found, day)
    references = _references(session, [item.id for account in found.values() for item in account.items])
    return {
        customer_id: statement(
            account,
            references=references,
            credits_=credits_.get(customer_id, ()),
            customer_hold_counts=customer_id not in despite_hold,
        )
        for customer_id, account in found.items()
    }


def _references(session: Session, item_ids: Collection[int]) -> dict[int, str]:
    return dict(session.execute(_REFERENCES, {"ids": item_ids}).all())


def _credits(
    session: Session, company_id: int, customer_ids: Collection[int], day: date
) -> dict[int, list[tuple[str, UnappliedRow]]]:
    found = unapplied_credits_of(session, company_id=company_id, customer_ids=customer_ids, day=day)
    return {
        customer_id: [
            (
                each.currency,
                UnappliedRow(kind=each.kind, number=each.number, date=each.date, left=each.unapplied),
            )
            for each in entries
        ]
        for customer_id, entries in found.items()
    }
