"""What the messages of a dry run would say: to a customer as they would be sent, to one who never was with made-up values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date
from sqlalchemy.orm import Session

from arfollow.levels.wording import Value as Text
from arfollow.levels.wording import WordingError
from arfollow.receivables.queries.customers import CustomerCard
from arfollow.statements.catalogue import words
from arfollow.statements.salutation import salutation
from arfollow.statements.sample import contact_name
from arfollow.values.money import Money, localized
from arfollow.workflows.messages.history import Past
from arfollow.workflows.messages.rendering import render_step
from arfollow.workflows.rules.conditions import Facts, Value
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.facts import Event, all_facts
from arfollow.workflows.rules.playing import Played
from arfollow.workflows.rules.waits import Place, today_at
from arfollow.workflows.variables import FAMILIES, VARIABLES, render, words_of

_LINKS = "pay statement survey confirm preferences unsubscribe".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a step would say in a language, part by part: subject, title, text. `problem`: why it cannot be said."""

    language: str
    parts: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Whom a dry run is about, and what is known of it."""

    definition: Definition
    facts: Facts
    events: Sequence[Event]
    place: Place
    company: str
    phone: str
    email: str
    currency: str
    key: str
    today: date


def messages(stage: Stage, played: Played, *, language: str, history: Sequence[str]) -> tuple[Message, ...]:
    """What the step would say, in each of its languages, that one first. `history`: what was done before, a line each."""
    found: dict[str, dict[str, str]] = {}
    for each, part, text in words_of(played.step):
        found.setdefault(each, {})[part] = text
    ordered = sorted(found, key=lambda each: each.partition("-")[0] != language.partition("-")[0])
    return tuple(_message(stage, played, each, found[each], history) for each in ordered)


def messages_to(
    session: Session,
    stage: Stage,
    played: Played,
    *,
    customer: CustomerCard,
    company_id: int,
    language: str,
    past: Sequence[Past],
    history: Sequence[str],
) -> tuple[Message, ...]:
    """The same for a customer: first what the step would really say, as its reader gets it; the other languages with samples.

    `past`: what was done before.
    """
    found = messages(stage, played, language=language, history=history)
    if not found:
        return ()
    events = [each for each in stage.events if each.at <= played.at]
    try:
        said = render_step(
            session,
            company_id=company_id,
            customer_id=customer.id,
            definition=stage.definition,
            step=played.step,
            today=today_at(played.at, stage.place),
            facts=all_facts(stage.facts, events=events, now=played.at, place=stage.place),
            past=past,
            key=stage.key,
            language=found[0].language,
        )
    except WordingError:
        # The samples say what is wrong with the words.
        return found
    if said is None:
        return found
    parts = {"subject": said.subject, "text": said.text.strip()}
    first = Message(language=found[0].language, parts={name: text for name, text in parts.items() if text})
    return (first, *found[1:])


def _message(
    stage: Stage, played: Played, language: str, parts: Mapping[str, str], history: Sequence[str]
) -> Message:
    values = _values(stage, played, language, history)
    try:
        return Message(
            language=language, parts={part: render(text, values).strip() for part, text in parts.items()}
        )
    except WordingError as error:
        return Message(language=language, parts={}, problem=str(error))


def _values(stage: Stage, played: Played, language: str, history: Sequence[str]) -> Mapping[str, Text]:
    now, facts = played.at, stage.facts
    locale = _locale(language)
    told = all_facts(
        facts, events=[each for each in stage.events if each.at <= now], now=now, place=stage.place
    )
    owed = localized(Money(stage.currency, int(str(facts.get("money.overdue") or 0))), locale)
    open_ = facts.get("invoice.open") or facts.get("money.overdue") or 0
    asked = localized(Money(stage.currency, int(str(open_))), locale)
    due = facts.get("invoice.due_date")
    contact = contact_name(language)
    campaign = {
        name: _text(told.get(f"campaign.{name}"), locale) for name in ("name", "day", "time", "place")
    }
    return {
        **dict.fromkeys(VARIABLES, "–"),
        **{
            name: f"https://example.com/l/{name.removesuffix('_link')}"
            for name in VARIABLES
            if "link" in name
        },
        **{f"campaign_{name}": text for name, text in campaign.items()},
        "salutation": salutation(words(locale), contact_name=contact),
        "customer_name": _text(facts.get("customer.name"), locale),
        "customer_number": _text(facts.get("customer.number"), locale),
        "customer_phone": _text(facts.get("customer.mobile"), locale),
        "customer_email": _text(facts.get("customer.email"), locale),
        "customer_page": "https://example.com/customers",
        "contact_name": contact,
        "company_name": stage.company,
        "our_contact": stage.company,
        "sales_contact": stage.company,
        "our_phone": stage.phone,
        "our_email": stage.email,
        "total_due": owed,
        "overdue_total": owed,
        "today": _text(today_at(now, stage.place), locale),
        "oldest_days": (stage.today - due).days if isinstance(due, date) else 10,
        "invoice_count": 1,
        "invoice_number": stage.key or "2026-0815",
        "invoice_amount": asked,
        "due_date": _text(due if isinstance(due, date) else stage.today, locale),
        "workflow_name": stage.definition.name,
        "history": "\n".join(history) or "–",
        "answers": "\n".join(f"{n}: {_text(v, locale)}" for n, v in told.items() if n.startswith("answer."))
        or "–",
        **{f"value.{name}": text for name, text in stage.definition.values.items()},
        **{
            name: _text(value, locale)
            for name, value in told.items()
            if FAMILIES.get(name.partition(".")[0], (0, ""))[0] == len(name.split("."))
        },
    }


def _text(value: Value, locale: str) -> str:
    match value:
        case None | "":
            return ""
        case date():
            return format_date(value, "long", locale=locale)
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)


def _locale(language: str) -> str:
    return str(
        Locale.negotiate([language, language.partition("-")[0]], ["en", "de", "fr", "it", "es"]) or "en"
    )
