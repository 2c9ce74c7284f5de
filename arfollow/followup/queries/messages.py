"""What a letter or e-mail of a follow-up says, with the words of its level."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from arfollow.levels.queries import WordingView, find_wording, wording_for
from arfollow.levels.tables import Level
from arfollow.levels.wording import render_line
from arfollow.statements.catalogue import words
from arfollow.statements.facts import LetterFacts
from arfollow.statements.queries import Correspondence, correspondence
from arfollow.statements.rules import claiming
from arfollow.statements.variables import variables, worded


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """A letter or e-mail ready to be rendered. `level` None: a plain statement; `email` may be empty."""

    letter: LetterFacts
    level: str | None
    level_id: int | None
    wording_id: int | None
    email: str
    email_name: str
    attach_statement: bool


def message_facts(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    day: date,
    channel: str,
    level_id: int | None,
    wording_id: int | None = None,
    item_ids: Collection[int] | None = None,
    courtesy: bool = False,
    draft: bool = False,
) -> MessageFacts:
    """The message of a level (None: the plain statement) by `channel` (letter or email), dated the day.

    `wording_id` and `item_ids`: what a click froze; None: what is in force, and everything open. `courtesy`: the level was due
    for an item that was not overdue yet, as one of days up to 0 always may be: then what is going to be due is enough.
    Raise NothingToClaimError for a level's message without a claim, NoCustomerError, NoWordingError.
    """
    found = correspondence(
        session,
        company_id=company_id,
        customer_id=customer_id,
        day=day,
        item_ids=item_ids,
        customer_hold_counts=level_id is not None,
    )
    letter = replace(found.facts, draft=draft)
    level = None if level_id is None else session.get_one(Level, level_id)
    if level is None:
        return _plain(found, letter)
    claiming(found.facts.statement, courtesy=courtesy or level.days <= 0)
    wording = _wording(session, company_id, level.id, wording_id, found.languages)
    letter = replace(letter, level=level.name, deadline=day + timedelta(days=level.deadline_days))
    return _of_level(found, letter, level, wording, channel)


def todo_title(session: Session, *, company_id: int, customer_id: int, day: date, level_id: int) -> str:
    """The title of the level's to-do for this customer, in the company's language; the level's name where none is written."""
    found = correspondence(session, company_id=company_id, customer_id=customer_id, day=day)
    wording = _wording(session, company_id, level_id, None, found.languages[1:]).text
    values = variables(found.facts, contact_name=found.contact_name)
    return render_line(wording.todo, values) or session.get_one(Level, level_id).name


def _wording(
    session: Session, company_id: int, level_id: int, wording_id: int | None, languages: Collection[str]
) -> WordingView:
    if wording_id is not None:
        frozen = find_wording(session, company_id=company_id, wording_id=wording_id)
        if frozen is not None:
            return frozen
    return wording_for(session, company_id=company_id, level_id=level_id, languages=tuple(languages))


def _of_level(
    found: Correspondence, letter: LetterFacts, level: Level, wording: WordingView, channel: str
) -> MessageFacts:
    return MessageFacts(
        letter=worded(
            letter,
            wording.text,
            language=wording.language,
            contact_name=found.contact_name,
            channel=channel,
        ),
        level=level.name,
        level_id=level.id,
        wording_id=wording.id,
        email=found.email,
        email_name=found.email_name,
        attach_statement=level.attach_statement,
    )


def _plain(found: Correspondence, letter: LetterFacts) -> MessageFacts:
    spoken = words(letter.locale)
    text = spoken.gettext("Please find below how your account stands today.")
    return MessageFacts(
        letter=replace(letter, subject=letter.title, paragraphs=(text,)),
        level=None,
        level_id=None,
        wording_id=None,
        email=found.email,
        email_name=found.email_name,
        attach_statement=True,
    )
