"""Plays six months: the ledger happens, the list is made, the clerks work it, the mail goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from threading import Event
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.companies.operations import set_imported_on
from arfollow.database import begin_write, commit
from arfollow.delivery.channel import Channel, Envelope
from arfollow.delivery.rules import Outcome, Refused
from arfollow.delivery.worker import Worker
from arfollow.demo.clerks import Listed, contact, finish, listed, post_letters
from arfollow.demo.company import Staff, found_company
from arfollow.demo.habits import Happening, happenings
from arfollow.demo.ledger import Account, book, by_day, open_accounts
from arfollow.demo.names import DEBTORS, Habit
from arfollow.demo.routes import Routes
from arfollow.demo.visitors import open_links, send_texts
from arfollow.followup.operations.refresh import refresh_due
from arfollow.users.tables import User
from arfollow.values.workdays import is_working_day
from arfollow.workflows.jobs import work_workflows

DAYS = 182
_WORK_WAITS = timedelta(days=9)
_CASH_WAITS = timedelta(days=30)
_LAST_DAYS = timedelta(days=4)
# How many of the last days' customers are worked all the same.
_WORKED = 0.25
_ZONE = ZoneInfo("Europe/Berlin")
_GONE = "accounts25@example.com"
_CANCELLED = "+4917604069058"


@dataclass(frozen=True, slots=True)
class DemoChannel:
    """The demo's messages: everything arrives, but one mailbox is full in the last days, and one number is nobody's any more."""

    channel: Channel
    full_since: date

    def send(self, envelope: Envelope) -> Outcome:
        """Refuse what goes to the full mailbox; pass on everything else."""
        if envelope.recipient == _GONE and clock.today("Europe/Berlin") >= self.full_since:
            return Refused(answer="552 5.2.2 Mailbox full", permanent=True)
        if envelope.recipient == _CANCELLED:
            return Refused(answer="400 number not in service", permanent=True)
        return self.channel.send(envelope)


@dataclass(slots=True, kw_only=True)
class Story:
    """The demo while it is played; `progress` is told each day."""

    session: Session
    worker: Worker
    today: date
    days: int
    progress: Callable[[date], None]
    random: Random

    def play(self) -> list[dict[str, str]]:
        """Play it; gives whom the sign-in page shows."""
        start = self.today - timedelta(days=self.days)
        with self._writing(start, 8):
            company_id, staff, shown = found_company(self.session)
            accounts = open_accounts(self.session, company_id, (staff.ana, staff.jan), staff.lena)
        names = self._names(staff)
        routes = Routes(session=self.session, company_id=company_id, accounts=accounts, today=self.today)
        events = by_day(
            {
                index: happenings(debtor, index, start=start, end=self.today)
                for index, debtor in enumerate(DEBTORS)
            }
        )
        for offset in range(self.days + 1):
            day = start + timedelta(days=offset)
            self._book(company_id, accounts, events.get(day, []), day)
            if day >= routes.first_day:
                self._follow(routes, day)
            if day < self.today and is_working_day(day, country="DE"):
                self._work(company_id, accounts, names, day)
            self.progress(day)
        return shown

    def _book(
        self, company_id: int, accounts: list[Account], events: list[tuple[int, Happening]], day: date
    ) -> None:
        """The night's import: what happened to the ledger, and the new day's list."""
        with self._writing(day, 6):
            for index, event in events:
                book(self.session, company_id, accounts[index], event)
            set_imported_on(self.session, company_id=company_id, on=day)
        with self._writing(day, 7):
            while refresh_due(self.session, company_id=company_id, today=day):
                pass

    def _work(self, company_id: int, accounts: list[Account], names: dict[int, str], day: date) -> None:
        """A day's work: write to everybody, let the mail go out, then talk. One transaction each: nobody else waits."""
        with self._writing(day, 9):
            rows = listed(self.session, company_id, accounts, names, day)
            worked = [row for row in rows if self._is_worked(row, day)]
            contacted = [
                row for row in self._timed(worked, day, 9) if contact(self.session, row, self.random)
            ]
        with clock.moved_to(datetime.combine(day, time(12), _ZONE)):
            self.worker.run_once()
        with self._writing(day, 13):
            for row in self._timed([row for row in contacted if not self._is_left(row, day)], day, 13):
                finish(self.session, row, self.random)
        if day < self.today - _LAST_DAYS:
            with self._writing(day, 17):
                post_letters(self.session, company_id=company_id, on=day, who=min(names.values()))

    def _follow(self, routes: Routes, day: date) -> None:
        """The workflows' day: what customers do with their messages, what happens to them, and the steps that are due."""
        with self._writing(day, 8):
            if day == routes.first_day:
                routes.publish_all()
            open_links(routes)
            send_texts(routes)
            routes.happen(day)
        with clock.moved_to(self._at(day, 10, 30)):
            work_workflows(self.session)
        if day < self.today and not is_working_day(day, country="DE"):
            with clock.moved_to(self._at(day, 12)):
                self.worker.run_once()

    def _timed(self, rows: list[Listed], day: date, hour: int) -> Iterator[Listed]:
        """One after the other, with the clock moved on by five minutes each."""
        start = datetime.combine(day, time(hour), _ZONE)
        for index, row in enumerate(rows):
            with clock.moved_to(start + timedelta(minutes=5 * index)):
                yield row

    def _is_worked(self, row: Listed, day: date) -> bool:
        """Whether a clerk gets to it: most of the last days' work waits for whoever tries the demo."""
        if row.account.debtor.habit is Habit.PAYS_ON_ACCOUNT:
            return day < self.today - _CASH_WAITS
        return day < self.today - _WORK_WAITS or self._is_left(row, day) or self.random.random() < _WORKED

    def _is_left(self, row: Listed, day: date) -> bool:
        """Whether it is left in the middle, as every third one of the last days: written to, and not yet Done."""
        return day >= self.today - _LAST_DAYS and bool(row.actions) and row.account.customer_id % 3 == 0

    @contextmanager
    def _writing(self, day: date, hour: int, minute: int = 0) -> Iterator[None]:
        """One write transaction at that time of that day."""
        with clock.moved_to(self._at(day, hour, minute)):
            self.session.rollback()
            begin_write(self.session)
            try:
                yield
                commit(self.session)
            finally:
                self.session.rollback()

    def _at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """That time of that day, or now if it is not yet."""
        return min(datetime.combine(day, time(hour, minute), _ZONE), clock.now())

    def _names(self, staff: Staff) -> dict[int, str]:
        rows = self.session.execute(select(User.id, User.name).where(User.id.in_((staff.ana, staff.jan))))
        return dict(rows.all())


def play_demo(
    session: Session,
    *,
    sessions: Callable[[], AbstractContextManager[Session]],
    channel: Channel,
    today: date,
    progress: Callable[[date], None],
    days: int = DAYS,
) -> list[dict[str, str]]:
    """Play the demo into an empty migrated database, over that many days up to `today`; gives whom the sign-in page shows.

    `sessions`: a fresh session for each piece of the worker's work. The same for the same day, but for the passwords.
    """
    mail = DemoChannel(channel, full_since=today - timedelta(days=14))
    worker = Worker(sessions=sessions, channel=mail, stop=Event())
    story = Story(
        session=session,
        worker=worker,
        today=today,
        days=days,
        progress=progress,
        random=Random(1),  # noqa: S311 - a story
    )
    return story.play()
