"""Prints letters: reads what they say in batches, has them rendered by all cores, records and writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from threading import Event
from typing import TypeVar

import click
from sqlalchemy.orm import Session

from arfollow.chatter import documents
from arfollow.cli.ledger import Ledger
from arfollow.database import begin_write, commit
from arfollow.followup.actions.letter import (
    ChangedMeanwhileError,
    RenderedLetter,
    prepare_letters,
    print_letters,
    printed_letters,
    sheet,
)
from arfollow.followup.queries.due_letters import DueLetter
from arfollow.followup.queries.messages import MessageFacts
from arfollow.statements.letter import Sheet
from arfollow.statements.rendering import NotRenderedError, Renderers

_Each = TypeVar("_Each")
_Prepared = tuple[DueLetter, MessageFacts]
_Rendered = tuple[_Prepared, bytes | NotRenderedError]

# So many are recorded in one transaction: others wait for a fraction of a second.
_BATCH = 20
_TRIES = 3
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Written:
    """A letter and the file that holds it. `is_new`: it was not printed before."""

    letter: DueLetter
    path: Path
    is_new: bool


@dataclass(kw_only=True)
class LetterRun:
    """The letters of a day, each written into the folder as soon as it is recorded.

    Of another day than today they are drafts, and nothing is recorded. What was printed before is written again as it was
    stored; so a run that was stopped, or killed, goes on where it was. `advance` is told how many more are done.
    """

    ledger: Ledger
    day: date
    out: Path
    renderers: Renderers
    stop: Event
    advance: Callable[[int], None]
    written: list[Written] = field(default_factory=list)

    def run(self, due: Sequence[DueLetter]) -> None:
        """Write them all, until `stop` is set; a customer without a letter is named on stderr, with the reason."""
        for _try in range(_TRIES):
            wanted = self._wanted(due)
            due = [
                letter for batch in _batches(self.renderers.render(wanted)) for letter in self._keep(batch)
            ]
            if self.stop.is_set():
                return
        for letter in due:
            self._none(letter, ChangedMeanwhileError())

    @property
    def _session(self) -> Session:
        return self.ledger.session

    @property
    def _drafts(self) -> bool:
        return self.day != self.ledger.today

    def _wanted(self, due: Sequence[DueLetter]) -> Iterator[tuple[_Prepared, Sheet]]:
        """Those that are to be rendered. No transaction is open while it waits to be asked for the next."""
        for batch in _batches(due):
            clicks = {letter.click.customer_id: letter.click for letter in batch}
            before = {} if self._drafts else printed_letters(self._session, list(clicks.values()))
            new = [each for customer_id, each in clicks.items() if customer_id not in before]
            prepared = prepare_letters(self._session, new, draft=self._drafts)
            self._session.rollback()
            for letter in batch:
                if self.stop.is_set():
                    return
                customer_id = letter.click.customer_id
                if customer_id in before:
                    self._write_stored(letter, before[customer_id], is_new=False)
                elif isinstance(facts := prepared[customer_id], MessageFacts):
                    yield (letter, facts), sheet(facts)
                else:
                    self._none(letter, facts)

    def _keep(self, batch: Sequence[_Rendered]) -> list[DueLetter]:
        """Record what was rendered, and write it; gives the letters that are out of date by now."""
        for (letter, _), pdf in batch:
            if isinstance(pdf, NotRenderedError):
                self._none(letter, pdf)
        good = [(letter, facts, pdf) for (letter, facts), pdf in batch if isinstance(pdf, bytes)]
        if self._drafts:
            for letter, _, pdf in good:
                self._write(letter, pdf, is_new=True)
            return []
        begin_write(self._session)
        given = print_letters(
            self._session,
            [RenderedLetter(click=letter.click, facts=facts, pdf=pdf) for letter, facts, pdf in good],
        )
        commit(self._session)
        outdated = []
        for letter, _, _ in good:
            match given[letter.click.customer_id]:
                case str() as sha256:
                    self._write_stored(letter, sha256, is_new=True)
                case ChangedMeanwhileError():
                    outdated.append(letter)
                case problem:
                    self._none(letter, problem)
        return outdated

    def _write_stored(self, letter: DueLetter, sha256: str, *, is_new: bool) -> None:
        try:
            content = documents.read(self._session, sha256=sha256).content
        except (documents.DocumentErasedError, documents.DocumentMissingError) as problem:
            self._none(letter, problem)
            return
        finally:
            self._session.rollback()
        self._write(letter, content, is_new=is_new)

    def _write(self, letter: DueLetter, pdf: bytes, *, is_new: bool) -> None:
        path = self.out / filename(letter)
        write_whole(path, pdf)
        self.written.append(Written(letter, path, is_new))
        self.advance(1)

    def _none(self, letter: DueLetter, problem: Exception) -> None:
        click.echo(f"{letter.number} {letter.name}: no letter. {problem}", err=True)
        self.advance(1)


def filename(letter: DueLetter) -> str:
    """The name of a letter's file; the id keeps apart what differs only in characters that a name cannot hold."""
    number = re.sub(r"[^\w.-]", "_", letter.number).encode()[:_LONGEST_NAME].decode(errors="ignore")
    return f"{number}-{letter.click.customer_id}.pdf"


def write_whole(path: Path, content: bytes) -> None:
    """Write the file: all of it or nothing. Raise click.ClickException in words."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None


def _batches(each: Iterable[_Each]) -> Iterator[list[_Each]]:
    rest = iter(each)
    while batch := list(islice(rest, _BATCH)):
        yield batch
