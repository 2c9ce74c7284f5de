from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.delivery import protocol
from arfollow.delivery.channel import Channels
from arfollow.delivery.message import TextMessage
from arfollow.delivery.operations import enqueue
from arfollow.delivery.protocol import Cancel, QueuedDelivery, register_preparer
from arfollow.delivery.sending import send_due
from arfollow.delivery.sms import open_text_channel
from arfollow.receivables.operations.numbers import read_numbers
from arfollow.receivables.tables import Customer

MOBILE = "+491713920012"


@dataclass(frozen=True)
class Words:
    """What the test's texts are made of."""

    to: str
    text: str


@dataclass
class Texts:
    """Prepares a text to the customer, whom it calls by name."""

    to: str = MOBILE
    text: str = "Ihr Rad ist fertig, %s."

    def facts(self, session: Session, delivery: QueuedDelivery, *, today: date) -> Words | Cancel:
        return Words(self.to, self.text.replace("%s", session.get_one(Customer, delivery.customer_id).name))

    def render(self, facts: Words) -> TextMessage:
        return TextMessage(to=facts.to, text=facts.text, facts={"step": "s1"})


@pytest.fixture
def texts(monkeypatch) -> Texts:
    """The preparer of the purpose "workflow"."""
    monkeypatch.setattr(protocol, "_preparers", {})
    preparer = Texts()
    register_preparer("workflow", preparer)
    return preparer


@pytest.fixture
def queue_text(sessions) -> Callable[..., int]:
    """Queues and commits a text of a workflow's step under the given key; gives its delivery's id."""

    def queue_one(key: str = "workflow:5:0:s1:1", customer_id: int = 1) -> int:
        with sessions() as session:
            database.begin_write(session)
            delivery_id = enqueue(
                session,
                company_id=1,
                customer_id=customer_id,
                key=key,
                purpose="workflow",
                channel="sms",
                facts={},
                queued_by="system",
            )
            database.commit(session)
            return delivery_id

    return queue_one


@pytest.fixture
def send_texts(sessions, texts, text_gateway) -> Callable[[], int]:
    """Sends what is due by the fake gateway; gives how many deliveries were worked on."""

    def send() -> int:
        channel = Channels(ways={"sms": open_text_channel(text_gateway.settings)})
        with sessions() as session:
            return send_due(session, channel=channel)

    return send


@pytest.fixture
def with_phone(sessions) -> Callable[..., int]:
    """Gives the customer a telephone, or adds a customer who has it, and has the worker read it; gives the id."""

    def write(phone: str = "0171 3920012", customer_id: int | None = 1, company_id: int = 1) -> int:
        with sessions() as session:
            database.begin_write(session)
            if customer_id is None:
                customer = Customer(company_id=company_id, number=f"C-{phone}", name="Ümit & Co")
                session.add(customer)
            else:
                customer = session.get_one(Customer, customer_id)
            customer.phone, customer.phone_number = phone, None
            session.flush()
            id_ = customer.id
            database.commit(session)
            read_numbers(session)
            return id_

    return write
