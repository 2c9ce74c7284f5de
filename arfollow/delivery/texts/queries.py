"""Reads of text messages: those that came in, and to whom the last one went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import Session

from arfollow.delivery.queries.overview import CustomerName
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.delivery.texts.tables import ReceivedText
from arfollow.receivables.rules.numbers import Owner
from arfollow.receivables.tables import Contact, Customer

PAGE_SIZE = 50
_IS_TEXT = Delivery.channel == "sms"
_LEFT = (State.SENT, State.RETURNED, State.UNCERTAIN, State.SENDING)


class Inbox(StrEnum):
    """Which of the texts that came in are shown."""

    TO_ASSIGN = "to-assign"
    ALL = "all"


class TextNotFoundError(LookupError):
    """The company has no such text message."""

    def __init__(self, text_id: int) -> None:
        super().__init__(f"There is no text message {text_id}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A text message that came in. `candidates`: who has its number, of one that is still to be assigned."""

    id: int
    at: datetime
    sender: str
    text: str
    customer: CustomerName | None
    settled_by: str
    is_open: bool
    candidates: tuple[CustomerName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """One page of them, newest first; `first` and `last` count from 1 and are 0 when there are none."""

    rows: tuple[Received, ...]
    first: int
    last: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentText:
    """A text message that left."""

    delivery_id: int
    company_id: int
    customer_id: int
    key: str


def last_text_to(
    session: Session, *, number: str, customer_id: int | None = None, of_workflow: bool = False
) -> SentText | None:
    """The last text message that left to the number (E.164), for this customer if one is named; None: there is none."""
    query = (
        select(Delivery.id, Delivery.company_id, Delivery.customer_id, Delivery.key)
        .where(_IS_TEXT, Delivery.recipient == number, Delivery.state.in_(_LEFT))
        .where(Delivery.customer_id.is_not(None))
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    if customer_id is not None:
        query = query.where(Delivery.customer_id == customer_id)
    if of_workflow:
        query = query.where(Delivery.purpose == "workflow")
    row = session.execute(query).one_or_none()
    if row is None or row.customer_id is None:
        return None
    return SentText(delivery_id=row.id, company_id=row.company_id, customer_id=row.customer_id, key=row.key)


def written_to(session: Session, *, number: str) -> Owner | None:
    """For whom the last text message to the number was; None: none was sent there."""
    sent = last_text_to(session, number=number)
    return Owner(sent.company_id, sent.customer_id) if sent else None


def inbox(session: Session, *, company_id: int, view: Inbox, page: int) -> InboxPage:
    """The page (from 1) of a view; one beyond the last is empty."""
    query = _texts(company_id).where(_condition(view)).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    found = [_received(text, number, name) for text, number, name in session.execute(query)]
    candidates = _candidates(session, company_id, {each.sender for each in found if each.is_open})
    rows = tuple(_with_candidates(each, candidates) for each in found)
    first = (page - 1) * PAGE_SIZE + 1 if rows else 0
    return InboxPage(
        rows=rows,
        first=first,
        last=first + len(rows) - 1 if rows else 0,
        total=_count(session, company_id, view),
    )


def counts(session: Session, *, company_id: int) -> dict[Inbox, int]:
    """How many texts each view shows."""
    return {view: _count(session, company_id, view) for view in Inbox}


def _texts(company_id: int) -> Select[ReceivedText, str, str]:
    return (
        select(ReceivedText, Customer.number, Customer.name)
        .outerjoin(Customer, Customer.id == ReceivedText.customer_id)
        .where(ReceivedText.company_id == company_id)
        .order_by(ReceivedText.id.desc())
    )


def _condition(view: Inbox) -> ColumnElement[bool]:
    return ReceivedText.settled_at.is_(None) if view is Inbox.TO_ASSIGN else true()


def _count(session: Session, company_id: int, view: Inbox) -> int:
    query = select(func.count()).select_from(ReceivedText).where(ReceivedText.company_id == company_id)
    return session.execute(query.where(_condition(view))).scalar_one()


def _received(text: ReceivedText, number: str | None, name: str | None) -> Received:
    return Received(
        id=text.id,
        at=text.at,
        sender=text.sender,
        text=text.text,
        customer=CustomerName(number=number, name=name) if number and name else None,
        settled_by=text.settled_by,
        is_open=text.settled_at is None,
    )


def _candidates(session: Session, company_id: int, numbers: set[str]) -> Mapping[str, Sequence[CustomerName]]:
    """The company's customers by the numbers that they or their contacts have."""
    query = (
        select(Customer.phone_number, Contact.phone_number, Customer.number, Customer.name)
        .outerjoin(Contact, (Contact.customer_id == Customer.id) & Contact.phone_number.in_(numbers))
        .where(
            Customer.company_id == company_id,
            or_(Customer.phone_number.in_(numbers), Contact.id.is_not(None)),
        )
        .order_by(Customer.name, Customer.id)
    )
    found: dict[str, dict[str, CustomerName]] = {}
    for own, of_contact, number, name in session.execute(query) if numbers else ():
        for each in {own, of_contact} & numbers:
            found.setdefault(each or "", {})[number] = CustomerName(number=number, name=name)
    return {number: tuple(customers.values()) for number, customers in found.items()}


def _with_candidates(text: Received, candidates: Mapping[str, Sequence[CustomerName]]) -> Received:
    if not text.is_open:
        return text
    return Received(
        id=text.id,
        at=text.at,
        sender=text.sender,
        text=text.text,
        customer=text.customer,
        settled_by=text.settled_by,
        is_open=True,
        candidates=tuple(candidates.get(text.sender, ())),
    )
