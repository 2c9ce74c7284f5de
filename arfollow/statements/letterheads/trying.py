"""Letters to try a letterhead on: a made-up customer's, or a real one's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.companies.letterhead import Letterhead
from arfollow.companies.logo import checked_logo
from arfollow.companies.queries import BankDetails, CompanyProfile, Logo, find_logo
from arfollow.levels.defaults import default_plan
from arfollow.receivables.queries.customers import find_customer
from arfollow.statements.catalogue import letter_locale
from arfollow.statements.facts import Creditor, LetterFacts, OurContact
from arfollow.statements.letter import render_letter, render_statement
from arfollow.statements.letterheads.drawing import refuse_undrawable
from arfollow.statements.letterheads.forms import Shape
from arfollow.statements.preview import refuse_too_long
from arfollow.statements.queries import correspondence, creditor_of, paper_of
from arfollow.statements.rules import Block, Statement, StatementRow
from arfollow.statements.sample import contact_name, sample_facts
from arfollow.statements.variables import worded
from arfollow.values.refusals import N_, Quoted, Refusal

_MANY = 70
_MOST_CURRENCIES = 3
_DEADLINE_DAYS = 10
_REMINDER = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What is tried: a letterhead and accounts that may not be saved yet, in a language, on a customer.

    `customer`: the number of a real one; empty: a made-up one, who owes what `shape` says.
    """

    letterhead: Letterhead
    banks: Sequence[BankDetails]
    language: str
    shape: Shape = Shape.FEW
    customer: str = ""


class UnknownCustomerError(Refusal, LookupError):
    """The company has no such customer."""

    def __init__(self, number: str) -> None:
        super().__init__(N_("There is no customer %(number)s."), number=Quoted(number))


def tried_facts(session: Session, scope: Scope, company: CompanyProfile, tried: Tried) -> LetterFacts:
    """The letter that shows it; raise UnknownCustomerError, TooLongError."""
    logo = find_logo(session, company_id=company.id) if company.has_logo else None
    if tried.customer:
        return _of_customer(session, scope, company, tried, logo)
    creditor = _creditor(company, tried, company.country, logo)
    plan = default_plan(tried.language)
    facts = sample_facts(
        creditor=creditor,
        our_contact=OurContact(name=scope.user_name, phone=company.phone, email=company.email),
        locale=letter_locale(spoken=(tried.language,), country=company.country),
        paper=paper_of(company.country),
        currency=company.currency,
        deadline_days=_DEADLINE_DAYS,
        level=plan.levels[_REMINDER].name,
        today=scope.today,
    )
    shaped = replace(facts, statement=_shaped(facts.statement, tried, company), draft=False)
    return _worded(shaped, tried.language, contact_name(tried.language))


def render_tried(facts: LetterFacts) -> bytes:
    """Its PDF; of a customer who owes nothing a statement."""
    return render_letter(facts) if facts.statement.claimed else render_statement(facts)


def refuse_unseen(logo: bytes) -> None:
    """Raise LogoError for a file that is no logo, that the renderer cannot draw, or not in time, or that is all white."""
    refuse_undrawable(*checked_logo(logo))


def _of_customer(
    session: Session, scope: Scope, company: CompanyProfile, tried: Tried, logo: Logo | None
) -> LetterFacts:
    card = find_customer(session, company_id=scope.company_id, number=tried.customer)
    if card is None:
        raise UnknownCustomerError(tried.customer)
    found = correspondence(session, company_id=scope.company_id, customer_id=card.id, day=scope.today)
    refuse_too_long(found.facts)
    creditor = _creditor(company, tried, card.postal_address.country, logo)
    facts = replace(
        found.facts,
        creditor=creditor,
        locale=letter_locale(spoken=(tried.language,), country=card.country or company.country),
        deadline=scope.today + timedelta(days=_DEADLINE_DAYS),
    )
    return _worded(facts, tried.language, found.contact_name)


def _creditor(company: CompanyProfile, tried: Tried, country: str, logo: Logo | None) -> Creditor:
    return creditor_of(company, letterhead=tried.letterhead, banks=tried.banks, country=country, logo=logo)


def _worded(facts: LetterFacts, language: str, contact: str) -> LetterFacts:
    """The facts with the words of a second reminder, in English where we have not written them in the language."""
    wordings = default_plan(language).levels[_REMINDER].wordings
    spoken = language if language in wordings else "en"
    text = worded(facts, wordings[spoken], language=spoken, contact_name=contact, channel="letter")
    return replace(text, locale=facts.locale)


def _shaped(statement: Statement, tried: Tried, company: CompanyProfile) -> Statement:
    [block] = statement.blocks
    if tried.shape is Shape.MANY:
        return replace(statement, blocks=(replace(block, overdue=_many(block, statement.as_of)),))
    if tried.shape is Shape.CURRENCIES:
        currencies = sorted({company.currency, *(each.currency for each in tried.banks)})[:_MOST_CURRENCIES]
        return replace(statement, blocks=tuple(replace(block, currency=each) for each in currencies))
    return statement


def _many(block: Block, today: date) -> tuple[StatementRow, ...]:
    """The rows again and again, a day apart."""
    first = block.overdue[0]
    return tuple(
        replace(
            first,
            invoice=f"{first.invoice[:5]}{number:04}",
            due_date=today - timedelta(days=200 - number),
            days_late=200 - number,
        )
        for number in range(_MANY)
    )
