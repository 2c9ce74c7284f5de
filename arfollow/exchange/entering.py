"""Enters staged rows into the books, a few accounts at a time, and writes what they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.database import analyze_within
from arfollow.exchange import go_live
from arfollow.exchange.event_entering import EnteredEvents, enter_events
from arfollow.exchange.go_live import GoLive
from arfollow.exchange.own_fields import load_own, own_of, write_own
from arfollow.exchange.posting.credits import post_credits
from arfollow.exchange.posting.customers import post_customers
from arfollow.exchange.posting.invoices import post_invoices
from arfollow.exchange.posting.journal import Journal
from arfollow.exchange.posting.open_items import Gone, post_open_items
from arfollow.exchange.problems import Problems
from arfollow.exchange.recording import ChangesRecord
from arfollow.exchange.report import Count, Tally
from arfollow.exchange.rows import Rows
from arfollow.exchange.staging import Staging
from arfollow.profiles.operations import tell_of
from arfollow.receivables.operations.books import write_changes
from arfollow.receivables.queries.books import load_books, lock_accounts, open_accounts
from arfollow.users.tables import Membership, User
from arfollow.values.refusals import N_, Remark
from arfollow.values.refusals import Count as Number

_MUCH = 10_000
"""After so many changes, and whenever they have doubled, PostgreSQL looks at its tables."""


@dataclass(frozen=True, kw_only=True)
class OpenItems:
    """The files are the complete list of open items on `as_of`: of the company, or of the customers that they name.

    `confirmed`: somebody has seen that more than a tenth is gone.
    """

    as_of: date
    customers_in_file: bool = False
    confirmed: bool = False


@dataclass(slots=True)
class Entered:
    """What entering rows came to. `changes`: how many entries and customers are not as they were.

    `brought`: how many customers' plans and levels came with it. `known_better`: the customers whose own fields it changed.
    """

    record: ChangesRecord
    notes: list[str]
    tally: Tally = field(default_factory=Tally)
    gone: Gone = field(default_factory=Gone)
    changes: int = 0
    brought: int = 0
    left_over: int = 0
    events: EnteredEvents = field(default_factory=EnteredEvents)
    known_better: set[int] = field(default_factory=set)

    @property
    def counts(self) -> tuple[Count, ...]:
        """Of what the files name."""
        return (*self.tally.counts, *self.events.counts)


@dataclass(frozen=True, kw_only=True)
class Entering:
    """One import on its way into a company's books."""

    session: Session
    company_id: int
    staging: Staging
    problems: Problems
    open_items: OpenItems | None
    today: date
    who: str

    def lock(self) -> None:
        """Wait for imports and clerks that are in these accounts, and keep others out."""
        lock_accounts(
            self.session,
            company_id=self.company_id,
            customers=None if self._is_whole_company else self.staging.numbers(),
        )

    def enter(self) -> Entered:
        """Enter all rows into locked accounts and write what they change; nothing is written any more after a problem.

        Raise ImportRefusedError with every problem.
        """
        entered = Entered(record=ChangesRecord(self.session), notes=[*self.staging.notes])
        people = self._people()
        much = _MUCH
        for rows in self._rows():
            self._enter(self._journal(rows, people, entered), entered)
            if entered.changes >= much:
                # Plans for tables that were small would read all of them for each batch.
                analyze_within(self.session)
                much = 2 * entered.changes
        self._enter_events(entered)
        self.problems.refuse()
        if entered.left_over:
            entered.notes.append(
                Remark(
                    N_(
                        "%(count)s payments or credit notes are larger than what was open; "
                        "the rest is unapplied credit."
                    ),
                    count=Number(entered.left_over),
                )
            )
        return entered

    def _enter_events(self, entered: Entered) -> None:
        """Enter the events, whose customers are there by now, and wake whoever waits for any of these customers: once."""
        entered.events = enter_events(
            self.session,
            company_id=self.company_id,
            staging=self.staging,
            problems=self.problems,
            record=entered.record,
        )
        entered.changes += entered.events.new
        told = entered.known_better | entered.events.customers
        if told and not len(self.problems):
            tell_of(self.session, sorted(told))

    @property
    def _is_whole_company(self) -> bool:
        return self.open_items is not None and not self.open_items.customers_in_file

    def _rows(self) -> Iterator[Rows]:
        """The files' rows, and none for those customers who have something open that no row names."""
        yield from self.staging.batches()
        if self.open_items is not None and self._is_whole_company:
            day = self.open_items.as_of
            for numbers in open_accounts(self.session, company_id=self.company_id, day=day):
                unnamed = self.staging.unnamed(numbers)
                if unnamed:
                    yield Rows(accounts=frozenset(unnamed))

    def _journal(self, rows: Rows, people: Mapping[str, int], entered: Entered) -> Journal:
        parents = {row.values["parent"] for row in rows.customers if row.values.get("parent")}
        books = load_books(
            self.session,
            company_id=self.company_id,
            customers=rows.accounts | {row.number for row in rows.customers} | parents,
            invoices={row.number for row in rows.invoices}
            | {row.target[0] for row in rows.credits if row.target},
            credits_={row.number for row in rows.credits},
            open_on=None if self.open_items is None else self.open_items.as_of,
            open_of=self._scope(rows),
        )
        load_own(
            self.session, books, {row.number: own for row in rows.customers if (own := own_of(row.values))}
        )
        return Journal(
            books=books,
            rows=rows,
            unread=self.staging.unread,
            problems=self.problems,
            today=self.today,
            people=people,
            notes=entered.notes,
        )

    def _scope(self, rows: Rows) -> frozenset[str]:
        """The customers of whom the list is complete."""
        return frozenset(rows.accounts) if self._is_whole_company else frozenset(rows.owners)

    def _enter(self, journal: Journal, entered: Entered) -> None:
        post_customers(journal)
        if self.open_items is None:
            post_invoices(journal)
            post_credits(journal)
        else:
            scope = self._scope(journal.rows)
            post_open_items(journal, day=self.open_items.as_of, scope=scope, gone=entered.gone)
        wishes = go_live.look_up(self.session, journal, company_id=self.company_id)
        if not len(self.problems):
            self._write(journal, wishes, entered)

    def _write(self, journal: Journal, wishes: GoLive, entered: Entered) -> None:
        changes = journal.books.changes()
        entered.tally.count(journal.mentioned, (change.entry for change in changes))
        entered.record.add(changes)
        write_changes(self.session, company_id=self.company_id, changes=changes)
        entered.known_better |= write_own(self.session, changes, company_id=self.company_id)
        brought = go_live.write(self.session, wishes, company_id=self.company_id, who=self.who)
        entered.changes += len(changes) + brought
        entered.brought += brought
        entered.left_over += journal.left_over

    def _people(self) -> Mapping[str, int]:
        """The company's users by e-mail address, and by name where only one has it, in small letters."""
        members = self.session.execute(
            select(User.id, User.email, User.name)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.company_id == self.company_id, User.active)
        ).all()
        names = [member.name.casefold() for member in members]
        unique = {
            member.name.casefold(): member.id
            for member in members
            if names.count(member.name.casefold()) == 1
        }
        return unique | {member.email.casefold(): member.id for member in members}
