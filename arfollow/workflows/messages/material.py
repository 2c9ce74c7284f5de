"""What the words of a message may speak of, loaded: a fixed number of statements, and only for the names that are used."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import quote

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.companies.queries import CompanyProfile, find_company
from arfollow.profiles.tables import CustomerList
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.queries.customers import CustomerCard, cards_of
from arfollow.receivables.tables import Instalment, Invoice
from arfollow.statements.queries import Correspondence, NoCustomerError, correspondence
from arfollow.workflows.messages.history import Past, past_of
from arfollow.workflows.messages.knowing import facts_known
from arfollow.workflows.messages.people import sales_representative
from arfollow.workflows.messages.surveys import surveys_asked
from arfollow.workflows.queries.campaigns import values_of
from arfollow.workflows.rules.conditions import Facts
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.surveys import Survey

_OF_CAMPAIGN = ("name", "day", "time", "place", "map_link")
_OF_INVOICES = frozenset({"invoice_number", "invoice_amount", "due_date"})


ALL_FACTS = frozenset({"event."})
"""A name that no variable has: all facts are loaded for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom and what a message is about. `workflow`: its name; `key`: the enrolment's; `since`: when the customer entered.

    `enrolment_id` None: of none, as in a dry run; then there is no history.
    """

    company_id: int
    customer_id: int
    workflow: str
    definition: Definition
    since: datetime
    key: str = ""
    enrolment_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceOf:
    """The invoice that a message is about: what is open of it in minor units, and its first due date that is open, else its first."""

    number: str
    currency: str
    open: int
    due_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """All that words may speak of. `page`: the customer's, for colleagues.

    `facts`: as conditions see them, with what events told, and with the campaign's own values.
    """

    about: About
    company: CompanyProfile
    card: CustomerCard
    found: Correspondence
    page: str
    invoice: InvoiceOf | None = None
    sales: str = ""
    facts: Facts = field(default_factory=dict)
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    past: Sequence[Past] = ()


def material(
    session: Session,
    about: About,
    *,
    names: Collection[str],
    today: date,
    facts: Facts | None = None,
    past: Sequence[Past] | None = None,
) -> Material:
    """What is known today for these names of variables; raise NoCustomerError.

    `facts`, `past`: instead of what is known, as in a dry run.
    """
    cards = cards_of(session, company_id=about.company_id, customer_ids=[about.customer_id])
    if about.customer_id not in cards:
        raise NoCustomerError
    told = facts if facts is not None else _facts(session, about, names, today)
    if any(name.startswith("campaign_") for name in names):
        told = {**_campaign(session, about), **told}
    if about.enrolment_id is not None and any(name.startswith("value.") for name in names):
        own = values_of(session, enrolment_id=about.enrolment_id)
        told = {**told, **{f"value.{name}": text for name, text in own.items()}}
    if past is None:
        past = past_of(session, about.enrolment_id) if "history" in names else ()
    return Material(
        about=about,
        company=find_company(session, company_id=about.company_id),
        card=cards[about.customer_id],
        found=correspondence(session, company_id=about.company_id, customer_id=about.customer_id, day=today),
        page=f"{current_app.config['SETTINGS'].base_url}/customers/{quote(cards[about.customer_id].number)}",
        invoice=_invoice(session, about, today) if _OF_INVOICES & set(names) else None,
        sales=sales_representative(session, about.customer_id) if "sales_contact" in names else "",
        facts=told,
        surveys=surveys_asked(session, company_id=about.company_id, names=names, facts=told),
        past=past,
    )


def _facts(session: Session, about: About, names: Collection[str], today: date) -> Facts:
    """As the engine computes them; nothing where no name asks for any."""
    if not _asks_answers(names) and not any("." in name for name in names):
        return {}
    return facts_known(
        session,
        company_id=about.company_id,
        customer_id=about.customer_id,
        definition=about.definition,
        since=about.since,
        key=about.key,
        today=today,
    )


def _campaign(session: Session, about: About) -> Facts:
    """The list that the enrolment is about, as a campaign; nothing where it is about none."""
    found = session.scalar(
        select(CustomerList).where(
            CustomerList.company_id == about.company_id, CustomerList.name == about.key
        )
    )
    if found is None:
        return {}
    return {f"campaign.{name}": getattr(found, name) for name in _OF_CAMPAIGN}


def _asks_answers(names: Collection[str]) -> bool:
    return "answers" in names or any(name.startswith("answer.") for name in names)


def _invoice(session: Session, about: About, today: date) -> InvoiceOf | None:
    """The one that the enrolment's key names; None: it names none."""
    rows = session.execute(
        select(Invoice.currency, Instalment.due_date)
        .join(Instalment, Instalment.invoice_id == Invoice.id)
        .where(
            Invoice.company_id == about.company_id,
            Invoice.customer_id == about.customer_id,
            Invoice.number == about.key,
        )
        .order_by(Instalment.due_date)
    ).all()
    if not about.key or not rows:
        return None
    account = accounts(session, customer_ids=[about.customer_id], day=today)[about.customer_id]
    items = [item for item in account.items if item.invoice == about.key]
    return InvoiceOf(
        number=about.key,
        currency=rows[0].currency,
        open=sum(item.residual for item in items),
        due_date=min((item.due_date for item in items), default=rows[0].due_date),
    )
