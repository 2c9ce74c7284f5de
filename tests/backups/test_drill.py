"""The drill: back up under load, restore elsewhere, see that nothing goes out, vouch for it, see that the rest goes out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Lock, Thread
from time import monotonic, sleep

import pytest
from sqlalchemy import func, select

from arfollow import clock
from arfollow.access import Role
from arfollow.app import create_app
from arfollow.chatter.operations import record
from arfollow.chatter.tables import ChatterEntry
from arfollow.delivery.channel import Envelope
from arfollow.delivery.message import Mailbox, Message
from arfollow.delivery.operations import enqueue
from arfollow.delivery.protocol import register_preparer
from arfollow.delivery.rules import Outcome, Refused, Sent
from arfollow.delivery.tables import Delivery
from arfollow.delivery.worker import Worker
from arfollow.receivables.operations.customers import CustomerFields, save_customer
from tests.backups.conftest import back_up, restore
from tests.fixtures.apps import Site, make_settings

TOMORROW = timedelta(days=1)


class Drills:
    """Prepares messages of the purpose "drill": to a mailbox that is busy today, for each that was queued so."""

    def facts(self, session, delivery, *, today):
        return delivery.facts["to"]

    def render(self, facts):
        mailbox = Mailbox(email="office@acme.example")
        return Message(
            sender=mailbox, to=Mailbox(email=facts), subject="Drill", text="Drill", html="<p>Drill</p>"
        )


@dataclass
class MailServer:
    """Takes everything but what goes to busy@…, which it puts off until tomorrow; while held it answers nobody."""

    taken: list[str] = field(default_factory=list)
    is_tomorrow: bool = False
    held: Lock = field(default_factory=Lock)

    def send(self, envelope: Envelope) -> Outcome:
        with self.held:
            return self.answer(envelope)

    def answer(self, envelope: Envelope) -> Outcome:
        if envelope.recipient.startswith("busy") and not self.is_tomorrow:
            return Refused(answer="451 busy", permanent=False)
        self.taken.append(envelope.message_id)
        return Sent()


@pytest.fixture
def original(site) -> Site:
    """The site with a customer and a purpose of messages."""
    register_preparer("drill", Drills())
    with site.writing() as session:
        fields = CustomerFields(name="Bäckerei Ümit")
        save_customer(session, company_id=site.company_id, number="C-1", customer=fields, who="Ana")
    return site


def worker(site: Site, server: MailServer, stop: Event) -> Worker:
    @contextmanager
    def sessions() -> Iterator:
        with site.reading() as session:
            yield session

    return Worker(sessions=sessions, channel=server, stop=stop)


def click(site: Site, number: int) -> None:
    """One transaction: a message queued and an entry, every third to the busy mailbox."""
    with site.writing() as session:
        name = "busy" if number % 3 == 0 else "shop"
        who = {"company_id": site.company_id, "customer_id": 1}
        enqueue(
            session,
            **who,
            key=f"drill:{number}",
            purpose="drill",
            channel="email",
            facts={"to": f"{name}@customer.example"},
            queued_by="Ana",
        )
        record(session, **who, tag="note:written", who="Ana", text=f"Click {number}")


@contextmanager
def load(site: Site, server: MailServer) -> Iterator[None]:
    """Clicks and a worker, each in a thread of its own."""
    stop = Event()

    def clicks() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            click(site, number)
            stop.wait(0.05)

    threads = [
        Thread(target=clicks),
        Thread(target=worker(site, server, stop).run, kwargs={"interval": 0.01}),
    ]
    with ExitStack() as at_end:
        for thread in threads:
            thread.start()
            at_end.callback(thread.join)
        at_end.callback(stop.set)
        yield


def wait_for(server: MailServer, count: int) -> None:
    end = monotonic() + 60
    while len(server.taken) < count:
        assert monotonic() < end, f"{len(server.taken)} messages in a minute"
        sleep(0.01)


def deliveries(site: Site, *states: str) -> dict[str, int]:
    """Message-ID and id of each delivery in one of the states."""
    with site.reading() as session:
        query = select(Delivery.message_id, Delivery.id).where(Delivery.state.in_(states))
        return dict(session.execute(query).all())


def run_tomorrow(site: Site, server: MailServer) -> None:
    """A worker that has a day's time: whatever waits is due, and every lease has run out."""
    server.is_tomorrow = True
    with clock.moved_to(clock.now() + TOMORROW):
        worker(site, server, Event()).run_once()


@pytest.fixture
def copy(original, new_url, tmp_path) -> Iterator[Site]:
    """The site that the restored database becomes."""
    site = Site(app=create_app(make_settings(new_url, tmp_path / "restored")), company_id=original.company_id)
    yield site
    site.close()


def test_the_drill(original, copy, settings, new_url, tmp_path):
    first, second = MailServer(), MailServer()
    with load(original, first):
        wait_for(first, 5)
        with first.held:
            for number in range(1001, 1021):
                click(original, number)
            back_up(settings.database_url, tmp_path / "drill.zip")
        wait_for(first, len(first.taken) + 15)

    restored = restore(tmp_path / "drill.zip", new_url)

    assert restored.is_intact
    assert_one_moment(copy)
    sent_before, waiting = deliveries(copy, "sent"), deliveries(copy, "queued")
    run_tomorrow(copy, second)
    assert second.taken == []
    assert set(first.taken) & waiting.keys()
    assert deliveries(copy, "queued") == waiting
    visitor = copy.sign_in(Role.ADMINISTRATOR)
    assert_told(visitor.get("/settings/sending").text, waiting)
    answer = visitor.post("/settings/sending/confirm", {"reason": "The drill"})
    assert answer.status_code == 303
    run_tomorrow(copy, second)
    assert sorted(second.taken) == sorted(waiting)
    assert sent_before.keys() <= set(first.taken)
    assert not sent_before.keys() & set(second.taken)


def assert_one_moment(site: Site) -> None:
    """Each click wrote a delivery and a note: a backup of two moments would have one without the other."""
    with site.reading() as session:
        queued = session.scalar(select(func.count()).select_from(Delivery))
        notes = session.scalar(select(func.count()).where(ChatterEntry.tag == "note:written"))
    assert queued == notes > 0


def assert_told(text: str, waiting: dict[str, int]) -> None:
    """The page names every message that the original may have sent meanwhile."""
    assert "is not known here" in text
    assert text.count("may have been sent</span>") == len(waiting)
    for delivery_id in waiting.values():
        assert f'value="{delivery_id}"' in text
