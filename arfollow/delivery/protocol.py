"""What a purpose implements so that its messages go out, and what it gives.

A subject above this one registers a preparer for each of its purposes, in `arfollow/app.py`:

    register_preparer("follow-up", FollowUpPreparer())

The worker then, for every delivery of that purpose that is due:

1. calls `facts` in a transaction that only reads, and ends that transaction;
2. calls `render` outside any transaction, within the application context;
3. calls `facts` again in the transaction that commits "sending". If they differ from the first, it starts over at 2.

So `facts` must read everything that the message shows or that decides whether it goes out (amounts, items, wording, address,
letterhead), and nothing else: no clock, no counters. `render` sees nothing but those facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from arfollow.delivery.message import AnyMessage

F = TypeVar("F")


class UnknownPurposeError(LookupError):
    """Nothing is registered that could prepare messages of this purpose."""

    def __init__(self, purpose: str) -> None:
        super().__init__(f"This version of arfollow does not know how to prepare “{purpose}” messages.")


class NoCustomerError(ValueError):
    """The message goes to the company's own people, and its purpose is for customers."""

    def __init__(self, purpose: str) -> None:
        super().__init__(f"A “{purpose}” message goes to a customer, and this one names none.")


@dataclass(frozen=True, kw_only=True)
class QueuedDelivery:
    """A delivery as its preparer sees it. `facts` is what the click froze, as given to `enqueue`.

    `customer_id`: None for mail to the company's own people.
    """

    id: int
    company_id: int
    customer_id: int | None
    key: str
    purpose: str
    channel: str
    facts: Mapping[str, Any]
    message_id: str
    queued_by: str
    queued_at: datetime
    attempts: int

    @property
    def addressee(self) -> int:
        """The id of the customer that it goes to; raise NoCustomerError."""
        if self.customer_id is None:
            raise NoCustomerError(self.purpose)
        return self.customer_id


@dataclass(frozen=True, kw_only=True)
class Cancel:
    """The message is not to go out any more; `reason` is a remark for whoever asks why, without personal data."""

    reason: str


class Preparer(Protocol[F]):
    """Prepares the messages of one purpose. F: a frozen dataclass, compared by its value."""

    def facts(self, session: Session, delivery: QueuedDelivery, *, today: date) -> F | Cancel:
        """What the message is made of as things stand now, or why it must not go out. Reads only; called twice."""
        ...

    def render(self, facts: F) -> AnyMessage:
        """The message of these facts, in the form of the delivery's channel. No database, no clock; may take its time."""
        ...


_preparers: dict[str, Preparer[Any]] = {}


def register_preparer(purpose: str, preparer: Preparer[Any]) -> None:
    """Say who prepares messages of `purpose` (at most 16 characters); `app.py` does, once each."""
    _preparers[purpose] = preparer


def preparer_of(purpose: str) -> Preparer[Any]:
    """The preparer registered for `purpose`; raise UnknownPurposeError if there is none."""
    try:
        return _preparers[purpose]
    except KeyError:
        raise UnknownPurposeError(purpose) from None
