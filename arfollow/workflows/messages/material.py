"""What the words of a message may speak of, loaded: a fixed number of statements, and only for the names that are used."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote

from flask import current_app
from sqlalchemy.orm import Session

from arfollow.companies.queries import CompanyProfile
from arfollow.receivables.queries.customers import CustomerCard
from arfollow.statements.queries import Correspondence, NoCustomerError
from arfollow.workflows.messages.history import Past
from arfollow.workflows.messages.reading import About, InvoiceOf, Reading
from arfollow.workflows.messages.surveys import survey_keys
from arfollow.workflows.rules.conditions import Facts
from arfollow.workflows.rules.surveys import Survey

_OF_INVOICES = frozenset({"invoice_number", "invoice_amount", "due_date"})


ALL_FACTS = frozenset({"event."})
"""A name that no variable has: all facts are loaded for it."""


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
    reading: Reading | None = None,
) -> Material:
    """What is known today for these names of variables; raise NoCustomerError.

    `facts`, `past`: instead of what is known, as in a dry run. `reading`: of many, of whom this is one.
    """
    read = reading or Reading(company_id=about.company_id, today=today, abouts=[about])
    card = read.card(session, about)
    if card is None:
        raise NoCustomerError
    told = facts if facts is not None else _facts(session, read, about, names)
    if any(name.startswith("campaign_") for name in names):
        told = {**read.campaign(session, about), **told}
    if any(name.startswith("value.") for name in names):
        own = read.own_values(session, about)
        told = {**told, **{f"value.{name}": text for name, text in own.items()}}
    if past is None:
        past = read.past(session, about) if "history" in names else ()
    surveys = {key: read.survey(session, key) for key in survey_keys(names, told)}
    return Material(
        about=about,
        company=read.company(session),
        card=card,
        found=read.correspondence(session, about),
        page=f"{current_app.config['SETTINGS'].base_url}/customers/{quote(card.number)}",
        invoice=read.invoice(session, about) if _OF_INVOICES & set(names) else None,
        sales=read.sales(session, about) if "sales_contact" in names else "",
        facts=told,
        surveys={key: survey for key, survey in surveys.items() if survey is not None},
        past=past,
    )


def _facts(session: Session, read: Reading, about: About, names: Collection[str]) -> Facts:
    """As the engine computes them; nothing where no name asks for any."""
    if not _asks_answers(names) and not any("." in name for name in names):
        return {}
    return read.facts(session, about)


def _asks_answers(names: Collection[str]) -> bool:
    return "answers" in names or any(name.startswith("answer.") for name in names)
