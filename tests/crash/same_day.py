"""One day of automatic sending, run again and again by each of several processes at once, which send as well."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from arfollow import clock
from arfollow.app import create_app
from arfollow.config import Settings
from arfollow.database import current_session, db
from arfollow.delivery.channel import Envelope
from arfollow.delivery.rules import Sent
from arfollow.delivery.sending import send_due
from arfollow.delivery.tables import Delivery
from arfollow.followup.jobs import bring_up_to_date, send_automatic_emails
from arfollow.followup.tables import FollowUp
from arfollow.levels.tables import Level, Plan
from tests.crash.processes import in_processes
from tests.factories import books
from tests.fixtures.apps import make_site
from tests.followup.desks import set_company

MONDAY = date(2026, 11, 23)
DAYS = (MONDAY, MONDAY + timedelta(days=45), MONDAY + timedelta(days=91))
"""The first e-mail is due on the first of them, its repeat on the last."""
CUSTOMERS = 12
_ANNOUNCING, _SENDING = 10, 12
# Whoever comes to the day while another still refreshes its rows may announce it as late as _SENDING: two hours later it goes out.
_SENDING_LATE = 14


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """E-mails queued by customer, digests by kind, who marked how many Done; and how often what left, by recipient."""

    queued: Counter[int]
    digests: tuple[str, ...]
    done: Counter[str]
    left: Counter[str]


@dataclass(frozen=True)
class _Journal:
    """A way out that writes down each message as it comes, also one that came before."""

    path: Path

    def send(self, envelope: Envelope) -> Sent:
        with self.path.open("a") as file:
            file.write(f"{envelope.recipient}\n")
        return Sent(answer="250 written down")

    def taken(self) -> Counter[str]:
        return Counter(self.path.read_text().split())


def fill(settings: Settings) -> None:
    """A dozen customers whose only level, an automatic e-mail, is due on MONDAY and repeats after 90 days."""
    with make_site(create_app(settings)) as site:
        with books(site, MONDAY) as book:
            for number in range(CUSTOMERS):
                book.debtor("", ("100.00", 20), number=f"C-{number}", email=f"c{number}@example.com")
            book.session.execute(
                update(Level).values(email_automatic=True, actions=["email"], attach_statement=False)
            )
            book.session.execute(
                update(Level).where(Level.position > 1).values(retired_on=MONDAY - timedelta(days=1))
            )
            book.session.execute(update(Plan).values(repeat_last_after_days=90))
        set_company(site, email="accounts@acme.example.com")


def live_through(settings: Settings, day: date, *, processes: int, runs: int) -> None:
    """Have each of so many processes announce the day and run it so many times, all beginning at one moment."""
    in_processes(processes, lambda _number: _work(settings, day, runs))


def outcome(settings: Settings) -> Outcome:
    """What has come of it."""
    with create_app(settings).app_context():
        session = current_session()
        deliveries = session.execute(select(Delivery.customer_id, Delivery.key)).all()
        done = session.scalars(select(FollowUp.done_by)).all()
        session.close()
        db.engine.dispose()
    return Outcome(
        queued=Counter(customer_id for customer_id, _ in deliveries if customer_id is not None),
        digests=tuple(
            sorted(key.rsplit(":", 1)[1] for customer_id, key in deliveries if customer_id is None)
        ),
        done=Counter(done),
        left=_journal(settings).taken(),
    )


def _work(settings: Settings, day: date, runs: int) -> bool:
    with create_app(settings).app_context():
        for hour in (_ANNOUNCING, *[_SENDING] * runs, _SENDING_LATE):
            now = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Berlin"))
            with clock.moved_to(now):
                bring_up_to_date(current_session())
                send_automatic_emails(current_session())
                send_due(current_session(), channel=_journal(settings))
        current_session().close()
        db.engine.dispose()
    return True


def _journal(settings: Settings) -> _Journal:
    return _Journal(settings.data_dir / "left")
