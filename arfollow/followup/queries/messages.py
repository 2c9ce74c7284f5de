"""What a letter or e-mail of a follow-up says, with the words of its level."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from arfollow.chatter import documents
from arfollow.levels.queries import NoWordingError, WordingView, find_wording, wording_for
from arfollow.levels.queries.files import files_of
from arfollow.levels.tables import Level
from arfollow.levels.wording import WordingError, render_line
from arfollow.statements.catalogue import words
from arfollow.statements.facts import LetterFacts
from arfollow.statements.queries import Correspondence, correspondence, correspondences
from arfollow.statements.rules import NothingToClaimError, claiming
from arfollow.statements.variables import variables, worded

Unwritten = NothingToClaimError | NoWordingError | WordingError
"""Why there is no message."""
UNWRITTEN = (NothingToClaimError, NoWordingError, WordingError)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """A letter or e-mail ready to be rendered. `level` None: a plain statement; `email` may be empty.

    Of an e-mail, what goes with it: the statement, the list of open invoices, the level's letter (`enclosed`), files.
    """

    letter: LetterFacts
    level: str | None
    level_id: int | None
    wording_id: int | None
    email: str
    email_name: str
    attach_statement: bool
    attach_items: bool = False
    enclosed: LetterFacts | None = None
    files: tuple[EnclosedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class EnclosedFile:
    """A file of the level, byte for byte."""

    filename: str
    media_type: str
    content: bytes


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
    wordings = _Words(session, company_id)
    return wordings.message(found, day, channel, level_id, wording_id, courtesy=courtesy)


def messages_facts(
    session: Session,
    *,
    company_id: int,
    levels: Mapping[int, int | None],
    courtesies: Collection[int] = (),
    day: date,
    channel: str,
) -> dict[int, MessageFacts | Unwritten]:
    """The messages of many customers, each of its level, with the words in force; by customer, or why it has none.

    `courtesies`: the customers whose message is a courtesy, as above.
    """
    found = correspondences(
        session,
        company_id=company_id,
        customer_ids=levels,
        day=day,
        despite_hold=[customer_id for customer_id, level_id in levels.items() if level_id is None],
    )
    wordings = _Words(session, company_id)
    made: dict[int, MessageFacts | Unwritten] = {}
    for customer_id, of_customer in found.items():
        try:
            made[customer_id] = wordings.message(
                of_customer, day, channel, levels[customer_id], courtesy=customer_id in courtesies
            )
        except UNWRITTEN as problem:
            made[customer_id] = problem
    return made


def todo_title(session: Session, *, company_id: int, customer_id: int, day: date, level_id: int) -> str:
    """The title of the level's to-do for this customer, in the company's language; the level's name where none is written."""
    found = correspondence(session, company_id=company_id, customer_id=customer_id, day=day)
    wording = _Words(session, company_id).wording(level_id, None, found.languages[1:]).text
    values = variables(found.facts, contact_name=found.contact_name)
    return render_line(wording.todo, values) or session.get_one(Level, level_id).name


class _Words:
    """The words of levels; what several messages of one reading share is asked for once."""

    def __init__(self, session: Session, company_id: int) -> None:
        self._session = session
        self._company_id = company_id
        self._in_force: dict[tuple[int, tuple[str, ...]], WordingView] = {}
        self._files: dict[int, tuple[EnclosedFile, ...]] = {}

    def message(
        self,
        found: Correspondence,
        day: date,
        channel: str,
        level_id: int | None,
        wording_id: int | None = None,
        *,
        courtesy: bool = False,
    ) -> MessageFacts:
        """The message of the level on the account that was found; raise NothingToClaimError, NoWordingError, WordingError."""
        level = None if level_id is None else self._session.get_one(Level, level_id)
        if level is None:
            return _plain(found, found.facts)
        claiming(found.facts.statement, courtesy=courtesy or level.days <= 0)
        wording = self.wording(level.id, wording_id, found.languages)
        letter = replace(found.facts, level=level.name, deadline=day + timedelta(days=level.deadline_days))
        made = _of_level(found, letter, level, wording, channel)
        return replace(made, files=self._files_of(level.id)) if channel == "email" else made

    def _files_of(self, level_id: int) -> tuple[EnclosedFile, ...]:
        if level_id not in self._files:
            self._files[level_id] = tuple(
                EnclosedFile(
                    each.filename,
                    each.media_type,
                    documents.read(self._session, sha256=each.sha256).content,
                )
                for each in files_of(self._session, company_id=self._company_id, level_id=level_id)
            )
        return self._files[level_id]

    def wording(self, level_id: int, wording_id: int | None, languages: tuple[str, ...]) -> WordingView:
        """The frozen wording while it is there, else what is in force in the first of the languages."""
        if wording_id is not None:
            frozen = find_wording(self._session, company_id=self._company_id, wording_id=wording_id)
            if frozen is not None:
                return frozen
        key = level_id, languages
        if key not in self._in_force:
            self._in_force[key] = wording_for(
                self._session, company_id=self._company_id, level_id=level_id, languages=languages
            )
        return self._in_force[key]


def _of_level(
    found: Correspondence,
    letter: LetterFacts,
    level: Level,
    wording: WordingView,
    channel: str,
) -> MessageFacts:
    def in_words(channel: str) -> LetterFacts:
        return worded(
            letter,
            wording.text,
            language=wording.language,
            contact_name=found.contact_name,
            channel=channel,
        )

    return MessageFacts(
        letter=in_words(channel),
        level=level.name,
        level_id=level.id,
        wording_id=wording.id,
        email=found.email,
        email_name=found.email_name,
        attach_statement=level.attach_statement,
        attach_items=level.attach_items,
        enclosed=in_words("letter") if level.attach_letter and channel == "email" else None,
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
