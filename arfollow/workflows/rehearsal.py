"""What the messages of a dry run would say: to a customer as they would be sent, to one who never was with made-up values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from arfollow.levels.wording import Value as Text
from arfollow.levels.wording import WordingError
from arfollow.receivables.queries.customers import CustomerCard
from arfollow.workflows.messages.history import Past
from arfollow.workflows.messages.rendering import render_step
from arfollow.workflows.rules.conditions import Facts
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.facts import Event, all_facts
from arfollow.workflows.rules.playing import Played
from arfollow.workflows.rules.waits import Place, today_at
from arfollow.workflows.samples import Scene, sample_values
from arfollow.workflows.variables import render, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a step would say in a language, part by part: subject, title, text. `problem`: why it cannot be said."""

    language: str
    parts: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Whom a dry run is about, and what is known of it. `company` to `country`: the creditor's."""

    definition: Definition
    facts: Facts
    events: Sequence[Event]
    place: Place
    company: str
    phone: str
    email: str
    currency: str
    country: str
    key: str


def messages(stage: Stage, played: Played, *, language: str, past: Sequence[Past]) -> tuple[Message, ...]:
    """What the step would say, in each of its languages, that one first. `past`: what was done before."""
    found: dict[str, dict[str, str]] = {}
    for each, part, text in words_of(played.step):
        found.setdefault(each, {})[part] = text
    ordered = sorted(found, key=lambda each: each.partition("-")[0] != language.partition("-")[0])
    return tuple(_message(stage, played, each, found[each], past) for each in ordered)


def messages_to(
    session: Session,
    stage: Stage,
    played: Played,
    *,
    customer: CustomerCard,
    company_id: int,
    language: str,
    past: Sequence[Past],
) -> tuple[Message, ...]:
    """The same for a customer: first what the step would really say, as its reader gets it; the other languages with samples."""
    found = messages(stage, played, language=language, past=past)
    if not found:
        return ()
    try:
        said = render_step(
            session,
            company_id=company_id,
            customer_id=customer.id,
            definition=stage.definition,
            step=played.step,
            today=today_at(played.at, stage.place),
            facts=_told(stage, played),
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
    stage: Stage, played: Played, language: str, parts: Mapping[str, str], past: Sequence[Past]
) -> Message:
    values = _values(stage, played, language, past)
    try:
        return Message(
            language=language, parts={part: render(text, values).strip() for part, text in parts.items()}
        )
    except WordingError as error:
        return Message(language=language, parts={}, problem=str(error))


def _values(stage: Stage, played: Played, language: str, past: Sequence[Past]) -> Mapping[str, Text]:
    scene = Scene(
        definition=stage.definition,
        facts=_told(stage, played),
        company=stage.company,
        phone=stage.phone,
        email=stage.email,
        currency=stage.currency,
        country=stage.country,
        key=stage.key,
        today=today_at(played.at, stage.place),
    )
    return sample_values(scene, language=language, past=past, timezone=stage.place.timezone)


def _told(stage: Stage, played: Played) -> Facts:
    """What is known when the step is done."""
    events = [each for each in stage.events if each.at <= played.at]
    return all_facts(stage.facts, events=events, now=played.at, place=stage.place)
