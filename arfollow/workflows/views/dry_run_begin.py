"""A dry run before anything happens: with whom, from when, and what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import request

from arfollow.access import current_scope
from arfollow.companies.queries import CompanyProfile, find_company
from arfollow.database import current_session
from arfollow.receivables.queries.customers import CustomerCard, find_customer, search_customers
from arfollow.workflows.rehearsal import Stage
from arfollow.workflows.rules.conditions import Value
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.facts import Event
from arfollow.workflows.rules.rehearsing import asked_facts
from arfollow.workflows.rules.waits import Place
from arfollow.workflows.views import dry_run_address as said
from arfollow.workflows.views.dry_run_subject import Subject, subject_of
from arfollow.workflows.words import names

_MORNING = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fact by which the workflow decides, as the form asks for it. `given`: somebody filled it in."""

    name: str
    label: str
    text: str
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Of which definition it is, with whom, and from when. `known`: what may be filled in."""

    definition: Definition
    company: CompanyProfile
    card: CustomerCard | None
    subject: Subject
    start: date
    known: Sequence[Known]

    @property
    def place(self) -> Place:
        """Where the customer lives."""
        country = self.card.country if self.card is not None and self.card.country else self.company.country
        return Place(timezone=self.company.timezone, country=country)

    @property
    def at(self) -> datetime:
        """When the customer enters."""
        return datetime.combine(self.start, _MORNING, ZoneInfo(self.place.timezone)).astimezone(UTC)

    @property
    def facts(self) -> Mapping[str, Value]:
        """What is known, and what was filled in instead."""
        filled = {each.name: said.value(each.name, each.text) for each in self.known if each.given}
        return {**self.subject.facts, **filled}

    @property
    def language(self) -> str:
        """That of the messages which are shown first."""
        own = str(self.facts.get("customer.language") or self.company.language)
        return request.args.get("language", "") or own

    def stage(self, events: Sequence[Event]) -> Stage:
        """What the messages are made of, once these events have happened."""
        return Stage(
            definition=self.definition,
            facts=self.facts,
            events=events,
            place=self.place,
            company=self.company.name,
            phone=self.company.phone,
            email=self.company.email,
            currency=self.company.currency,
            country=self.company.country,
            key=self.subject.key,
        )


def begin(definition: Definition) -> Begun:
    """As the address says."""
    start, card = said.start(), _customer()
    subject = subject_of(definition, card, start)
    return Begun(
        definition=definition,
        company=find_company(current_session(), company_id=current_scope().company_id),
        card=card,
        subject=subject,
        start=start,
        known=_known(definition, subject.facts),
    )


def _known(definition: Definition, facts: Mapping[str, Value]) -> list[Known]:
    found = []
    for name in asked_facts(definition):
        given = said.filled_in(name)
        text = said.written(facts.get(name)) if given is None else given[: said.LONGEST]
        found.append(Known(name=name, label=names.fact_name(name), text=text, given=given is not None))
    return found


def _customer() -> CustomerCard | None:
    number = said.customer()
    if not number or "\0" in number:
        return None
    session, company_id = current_session(), current_scope().company_id
    if found := find_customer(session, company_id=company_id, number=number):
        return found
    called = search_customers(session, company_id=company_id, text=number, limit=2)
    if len(called) != 1:
        return None
    return find_customer(session, company_id=company_id, number=called[0].number)
