"""A level's words before they are saved, as a customer would read them: a real one, or one that is made up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from arfollow.companies.queries import CompanyProfile, find_company
from arfollow.levels.drafts import WordingDraft
from arfollow.levels.wording import Value
from arfollow.receivables.queries.customers import CustomerHit, find_customer, search_customers
from arfollow.statements.catalogue import letter_locale
from arfollow.statements.facts import LetterFacts, OurContact
from arfollow.statements.queries import correspondence, creditor, paper_of
from arfollow.statements.rules import NothingToClaimError, claiming
from arfollow.statements.sample import contact_name, sample_facts
from arfollow.statements.variables import values_of, worded
from arfollow.values.refusals import N_, Refusal

MOST_ROWS = 200
"""Of a customer with more open invoices there is no preview: it would take longer than anybody who types waits."""


class TooLongError(Refusal, ValueError):
    """The customer has too many open invoices for a preview."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__(
            N_("%(name)s has %(count)s open invoices: too many for a preview. Choose another customer."),
            name=name,
            count=count,
        )


def rows_of(facts: LetterFacts) -> int:
    """How many open invoices the letter lists."""
    return sum(len(block.overdue) + len(block.not_due) for block in facts.statement.blocks)


def refuse_too_long(facts: LetterFacts) -> None:
    """Raise TooLongError for a letter that would take too long to be made while somebody waits."""
    count = rows_of(facts)
    if count > MOST_ROWS:
        raise TooLongError(facts.customer_name, count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is previewed: a level's name and days, in a language, on the customer that somebody typed (empty: the made-up one)."""

    level: str
    days: int
    deadline_days: int
    language: str
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The facts without words yet. `customer`: whose they are, None: made up; `missing`: nobody is called as was typed.

    `rows`: open invoices; `claims_nothing`: a real message would not go out today.
    """

    facts: LetterFacts
    contact_name: str
    language: str
    customer: CustomerHit | None
    missing: bool
    rows: int
    claims_nothing: bool

    @property
    def is_too_long(self) -> bool:
        """Whether there are too many invoices to show it."""
        return self.rows > MOST_ROWS

    @property
    def values(self) -> dict[str, Value]:
        """What each variable gives."""
        return values_of(self.facts, language=self.language, contact_name=self.contact_name)

    def worded(self, wording: WordingDraft, *, channel: str) -> LetterFacts:
        """The message in these words; raise WordingError."""
        return worded(
            self.facts, wording, language=self.language, contact_name=self.contact_name, channel=channel
        )


def preview(
    session: Session, *, company_id: int, our_contact: OurContact, asked: Asked, today: date
) -> Preview:
    """What the words would be put into; `our_contact` signs where the customer is made up."""
    company = find_company(session, company_id=company_id)
    typed = asked.customer.strip()
    customer = customer_called(session, company_id=company_id, typed=typed)
    if customer is None:
        facts = _sample(session, company, our_contact, asked, today)
        name = contact_name(asked.language)
    else:
        found = correspondence(
            session, company_id=company_id, customer_id=customer.id, day=today, customer_hold_counts=False
        )
        deadline = today + timedelta(days=asked.deadline_days)
        facts = replace(found.facts, level=asked.level, deadline=deadline, draft=True)
        name = found.contact_name
    return Preview(
        facts=facts,
        contact_name=name,
        language=asked.language,
        customer=customer,
        missing=bool(typed) and customer is None,
        rows=rows_of(facts),
        claims_nothing=_claims_nothing(facts, courtesy=asked.days <= 0),
    )


def customer_called(session: Session, *, company_id: int, typed: str) -> CustomerHit | None:
    """The customer with this number, else the first whose name or number contains it; None: nobody, or nothing was typed."""
    if not typed:
        return None
    card = find_customer(session, company_id=company_id, number=typed)
    if card is not None:
        return CustomerHit(id=card.id, number=card.number, name=card.name, city=card.city)
    return next(iter(search_customers(session, company_id=company_id, text=typed, limit=1)), None)


def _sample(
    session: Session, company: CompanyProfile, our_contact: OurContact, asked: Asked, today: date
) -> LetterFacts:
    return sample_facts(
        creditor=creditor(session, company=company),
        our_contact=our_contact,
        locale=letter_locale(spoken=(asked.language,), country=company.country),
        paper=paper_of(company.country),
        currency=company.currency,
        deadline_days=asked.deadline_days,
        level=asked.level,
        today=today,
    )


def _claims_nothing(facts: LetterFacts, *, courtesy: bool) -> bool:
    try:
        claiming(facts.statement, courtesy=courtesy)
    except NothingToClaimError:
        return True
    return False
