"""The words of a step for one customer: in a task, in a message that leaves, and in a dry run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy.orm import Session

from arfollow.levels.wording import Value
from arfollow.statements.email import render_message
from arfollow.statements.facts import LetterFacts
from arfollow.statements.letter import render_letter, render_plain
from arfollow.statements.rules import Block, Statement
from arfollow.workflows.messages.history import Past
from arfollow.workflows.messages.links import addresses, issue_links, sample_addresses
from arfollow.workflows.messages.material import Material, material
from arfollow.workflows.messages.notices import Notice, render_notice
from arfollow.workflows.messages.people import Staff, colleague
from arfollow.workflows.messages.queueing import Ground
from arfollow.workflows.messages.reading import About, about_enrolment
from arfollow.workflows.messages.stops import MONEY, purpose_of
from arfollow.workflows.messages.values import locale_of, values
from arfollow.workflows.messages.words import Template, Written, template
from arfollow.workflows.rules.conditions import Facts
from arfollow.workflows.rules.definition import Definition, Kind, Settings, Step
from arfollow.workflows.steps import Doing
from arfollow.workflows.tables import Workflow

TO_COLLEAGUES = frozenset({Kind.NOTIFY, Kind.ACTIVITY, Kind.HAND_OVER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message as it would be sent. `to`: whom, as far as it is known; `html`, `pdf`: empty where the kind has none."""

    kind: Kind
    to: str
    subject: str
    text: str
    html: str = ""
    pdf: bytes = b""


def said(session: Session, doing: Doing, found: Ground, *, language: str) -> Written:
    """The words of a step for a colleague, as things stand; raise WordingError."""
    words = template(doing.step.settings, language)
    if not words.names:
        return words.put_in({})
    about = about_enrolment(found.enrolment, found.definition, workflow=_name(session, found))
    known = material(
        session, about, names=words.names, today=doing.today, reading=doing.together.reading(about)
    )
    links = issue_links(session, doing, definition=found.definition, channel="email", names=words.names)
    return put_in(known, words, links=addresses(session, links), for_colleague=True)


def put_in(
    known: Material, words: Template, *, links: Mapping[str, str], for_colleague: bool = False
) -> Written:
    """The words with their values; raise WordingError."""
    return words.put_in(
        values(known, language=words.language, names=words.names, links=links, for_colleague=for_colleague)
    )


def letter_facts(known: Material, words: Written, *, language: str, settings: Settings) -> LetterFacts:
    """What a letter or e-mail to the customer is made of, in the language of its words."""
    facts = known.found.facts
    return replace(
        facts,
        locale=locale_of(known, language, for_colleague=False),
        title=words.subject,
        subject=words.subject,
        paragraphs=words.paragraphs,
        statement=_claimed(known, facts.statement) if purpose_of(settings) == MONEY else facts.statement,
    )


def letter_pdf(facts: LetterFacts, *, asks: bool) -> bytes:
    """The PDF; one that asks for money lists what is open, and says how to pay."""
    return render_letter(facts) if asks else render_plain(facts)


def render_step(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    definition: Definition,
    step: Step,
    today: date,
    facts: Facts | None = None,
    past: Sequence[Past] = (),
    key: str = "",
    language: str = "",
) -> Rendered | None:
    """What a step would say to this customer; nothing is written, issued or sent, and links are examples.

    `facts`: as the simulated clock has them, None: as they are now; `past`: what the simulation did before; `language`:
    instead of its reader's. None: the step says nothing. Raise NoCustomerError, WordingError.
    """
    begun = datetime.combine(today, time(0), ZoneInfo("UTC"))
    about = About(
        company_id=company_id,
        customer_id=customer_id,
        workflow=definition.name,
        definition=definition,
        since=begun,
        key=key,
    )
    if not step.settings.get("words"):
        return None
    known = material(session, about, names=(), today=today, facts={}, past=())
    to_colleague = step.kind in TO_COLLEAGUES
    reader = _reader(session, known, step, today, language)
    words = template(step.settings, reader.language)
    known = material(session, about, names=words.names, today=today, facts=facts, past=past)
    links = sample_addresses(current_app.config["SETTINGS"].base_url, words.names)
    written = put_in(known, words, links=links, for_colleague=to_colleague)
    if to_colleague:
        return _to_colleague(known, step, written, reader)
    return _to_customer(known, step, written, words.language)


def values_for(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    definition: Definition,
    kind: Kind,
    names: Collection[str],
    language: str,
    key: str,
    today: date,
) -> Mapping[str, Value]:
    """What these variables give in words of the language to this customer, or to a colleague about it; links are examples."""
    about = About(
        company_id=company_id,
        customer_id=customer_id,
        workflow=definition.name,
        definition=definition,
        since=datetime.combine(today, time(0), ZoneInfo("UTC")),
        key=key,
    )
    return values(
        material(session, about, names=names, today=today),
        language=language,
        names=names,
        links=sample_addresses(current_app.config["SETTINGS"].base_url, names),
        for_colleague=kind in TO_COLLEAGUES,
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    language: str
    name: str = ""


def _reader(session: Session, known: Material, step: Step, today: date, language: str) -> _Reader:
    if step.kind not in TO_COLLEAGUES:
        return _Reader(language or known.card.language or known.company.language)
    person = colleague(
        session,
        Staff(company_id=known.about.company_id, today=today),
        customer_id=known.about.customer_id,
        settings=step.settings,
        language=known.company.language,
    )
    if person is None:
        return _Reader(language or known.company.language)
    return _Reader(language or person.language, person.name or person.email)


def _to_colleague(known: Material, step: Step, written: Written, reader: _Reader) -> Rendered:
    html = ""
    if step.kind is Kind.NOTIFY:
        notice = Notice.of(known, written, locale=locale_of(known, reader.language, for_colleague=True))
        html = render_notice(notice).html
    return Rendered(kind=step.kind, to=reader.name, subject=written.subject, text=written.text, html=html)


def _to_customer(known: Material, step: Step, written: Written, language: str) -> Rendered:
    if step.kind is Kind.SMS or step.settings.get("channel") == "sms":
        return Rendered(kind=step.kind, to=known.card.name, subject="", text=written.text)
    facts = letter_facts(known, written, language=language, settings=step.settings)
    if step.kind is Kind.LETTER:
        pdf = letter_pdf(facts, asks=purpose_of(step.settings) == MONEY)
        return Rendered(
            kind=step.kind, to=known.card.name, subject=written.subject, text=written.text, pdf=pdf
        )
    mail = render_message(facts, links=written.links)
    return Rendered(
        kind=step.kind,
        to=known.found.email or known.card.name,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
    )


def _claimed(known: Material, statement: Statement) -> Statement:
    """Of a message about one invoice only that one."""
    if known.invoice is None:
        return statement
    number = known.invoice.number

    def only(block: Block) -> Block:
        return replace(
            block,
            overdue=tuple(row for row in block.overdue if row.invoice == number),
            not_due=tuple(row for row in block.not_due if row.invoice == number),
        )

    blocks = (only(block) for block in statement.blocks)
    return replace(statement, blocks=tuple(block for block in blocks if block.overdue or block.not_due))


def _name(session: Session, found: Ground) -> str:
    return session.get_one(Workflow, found.enrolment.workflow_id).name
