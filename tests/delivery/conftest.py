from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from arfollow import clock, database
from arfollow.chatter.tables import ChatterEntry
from arfollow.companies.tables import Company
from arfollow.delivery import protocol
from arfollow.delivery.channel import Envelope
from arfollow.delivery.message import Mailbox, Message
from arfollow.delivery.operations import enqueue
from arfollow.delivery.protocol import Cancel, QueuedDelivery, register_preparer
from arfollow.delivery.rules import Outcome, Sent
from arfollow.receivables.tables import Customer

NOON = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
Sessions = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def engine(engine) -> Engine:
    """An engine on the test's database, with one company (id 1) and one customer (id 1)."""
    with Session(engine) as session:
        database.begin_write(session)
        session.add(Company(name="ACME", country="DE", currency="EUR", email="office@acme.example"))
        session.flush()
        session.add(Customer(company_id=1, number="C-1", name="Bäckerei Ümit"))
        database.commit(session)
    return engine


@pytest.fixture
def sessions(engine) -> Sessions:
    """Gives a session of its own each time."""

    @contextmanager
    def fresh() -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session:
            yield session

    return fresh


@pytest.fixture
def session(sessions) -> Iterator[Session]:
    """A session that has begun nothing yet."""
    with sessions() as session:
        yield session


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The clock stands still."""
    with clock.moved_to(NOON):
        yield NOON


@dataclass
class MailServer:
    """A channel that gives the next outcome in line (by default: accepted) and keeps what it was given."""

    outcomes: list[Outcome | BaseException] = field(default_factory=list)
    received: list[Envelope] = field(default_factory=list)

    def send(self, envelope: Envelope) -> Outcome:
        self.received.append(envelope)
        outcome = self.outcomes.pop(0) if self.outcomes else Sent(answer="250 OK")
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


@pytest.fixture
def mail_server() -> MailServer:
    """A mail server within this process."""
    return MailServer()


@dataclass(frozen=True)
class Owed:
    """What the test's messages are made of."""

    name: str
    amount: str
    today: date


@dataclass
class Reminders:
    """Prepares a reminder with the customer's name, and the amount that `owed` gives next (by default: always 10.00)."""

    owed: list[str] = field(default_factory=list)
    problem: Exception | None = None
    rendered: int = 0
    while_rendering: Callable[[], None] = lambda: None

    def facts(self, session: Session, delivery: QueuedDelivery, *, today: date) -> Owed | Cancel:
        amount = self.owed.pop(0) if self.owed else "10.00"
        name = session.scalars(select(Customer).where(Customer.id == delivery.customer_id)).one().name
        return Owed(name, amount, today) if amount != "0.00" else Cancel(reason="Nothing is owed any more.")

    def render(self, facts: Owed) -> Message:
        self.rendered += 1
        self.while_rendering()
        if self.problem:
            raise self.problem
        return Message(
            sender=Mailbox(name="ACME", email="office@acme.example"),
            reply_to=Mailbox(name="Ana", email="ana@acme.example"),
            to=Mailbox(name=facts.name, email="shop@customer.example"),
            subject=f"You owe {facts.amount}",
            text=f"You owe EUR {facts.amount}.",
            html=f"<p>You owe EUR {facts.amount}.</p>",
            facts={"amount": facts.amount},
        )


@pytest.fixture
def reminders(monkeypatch) -> Reminders:
    """The preparer of the purpose "reminder"."""
    monkeypatch.setattr(protocol, "_preparers", {})
    preparer = Reminders()
    register_preparer("reminder", preparer)
    return preparer


@pytest.fixture
def queue(sessions) -> Callable[..., int]:
    """Queues and commits a message of the purpose "reminder" under the given key; gives its delivery's id."""

    def queue_one(key: str = "k", customer_id: int = 1) -> int:
        with sessions() as session:
            database.begin_write(session)
            delivery_id = enqueue(
                session,
                company_id=1,
                customer_id=customer_id,
                key=key,
                purpose="reminder",
                channel="email",
                facts={"level": 1},
                queued_by="Ana",
            )
            database.commit(session)
            return delivery_id

    return queue_one


@pytest.fixture
def entries(sessions) -> Callable[[], list[ChatterEntry]]:
    """The chatter's entries, oldest first."""

    def read() -> list[ChatterEntry]:
        with sessions() as session:
            return list(session.scalars(select(ChatterEntry).order_by(ChatterEntry.sequence)))

    return read
