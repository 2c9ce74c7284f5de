"""Text messages that come in: whose they are, and what they tell."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import SYSTEM, record
from arfollow.companies.tables import Company
from arfollow.database import insert_into, touch
from arfollow.delivery.texts import queries
from arfollow.delivery.texts.rules import Text, step_of, whose
from arfollow.delivery.texts.tables import ReceivedText
from arfollow.profiles.operations import consent, record_event
from arfollow.receivables.operations.lookup import lock_customer, lock_customers
from arfollow.receivables.queries.numbers import owners_of
from arfollow.values.refusals import N_, Refusal
from arfollow.values.texts import asks_to_stop, word_of


class AlreadySettledError(Refusal, ValueError):
    """Somebody else has said already whose the text message is."""

    def __init__(self) -> None:
        super().__init__(N_("Somebody has assigned this text message already, or put it aside."))


def receive(session: Session, *, text: Text) -> bool:
    """Keep a text message, and note for its customer what it says; whether it is new: the same one told twice is one.

    Of a number that nobody has, or several have, it waits until somebody assigns it. That no more text messages are wanted holds
    for all who have the number.
    """
    owners = owners_of(session, number=text.sender)
    found = whose(
        owners,
        written_to=queries.written_to(session, number=text.sender),
        company_ids=session.scalars(select(Company.id)).all(),
    )
    if found is None:
        return False
    row = _keep(session, company_id=found.company_id, text=text)
    if row is None:
        return False
    if found.customer_id is not None:
        _settle(session, row, customer_id=found.customer_id, who="")
    elif asks_to_stop(row.text):
        known = {owner.customer_id for owner in owners if owner.company_id == row.company_id}
        _stop_for_all(session, row, known)
    return True


def assign(session: Session, *, company_id: int, text_id: int, customer_id: int, who: str) -> None:
    """Say whose a text message is; it counts from then on like any other. Raise TextNotFoundError, AlreadySettledError,
    UnknownCustomerError.
    """
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    _settle(session, _open(session, company_id, text_id), customer_id=customer_id, who=who)


def put_aside(session: Session, *, company_id: int, text_id: int, who: str) -> None:
    """Say that a text message is no customer's. Raise TextNotFoundError, AlreadySettledError."""
    row = _open(session, company_id, text_id)
    row.settled_at, row.settled_by = clock.now(), who
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="sms:put-aside",
        who=who,
        text="A text message was put aside: it is no customer’s.",
        facts={"text": row.id},
    )


def _keep(session: Session, *, company_id: int, text: Text) -> ReceivedText | None:
    added = session.scalar(
        insert_into(session, ReceivedText)
        .values(
            company_id=company_id,
            reference=text.id,
            sender=text.sender,
            recipient=text.recipient,
            text=text.text,
            at=text.at,
            received_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[ReceivedText.reference, ReceivedText.sender])
        .returning(ReceivedText.id)
    )
    return None if added is None else session.get_one(ReceivedText, added)


def _open(session: Session, company_id: int, text_id: int) -> ReceivedText:
    row = session.get(ReceivedText, text_id, populate_existing=True, with_for_update=True)
    if row is None or row.company_id != company_id:
        raise queries.TextNotFoundError(text_id)
    if row.settled_at is not None:
        raise AlreadySettledError
    return row


def _settle(session: Session, row: ReceivedText, *, customer_id: int, who: str) -> None:
    lock_customer(session, company_id=row.company_id, customer_id=customer_id)
    row.customer_id, row.settled_at, row.settled_by = customer_id, clock.now(), who
    session.flush()
    _tell(session, row, customer_id, who)
    if asks_to_stop(row.text):
        _stop(session, row, customer_id)
    else:
        _note(session, row, customer_id, who or SYSTEM)


def _stop_for_all(session: Session, row: ReceivedText, customer_ids: Collection[int]) -> None:
    lock_customers(session, company_id=row.company_id, customer_ids=customer_ids)
    for customer_id in sorted(customer_ids):
        _tell(session, row, customer_id, "")
        _stop(session, row, customer_id)
    row.settled_at = clock.now()


def _tell(session: Session, row: ReceivedText, customer_id: int, who: str) -> None:
    text = f"Text message received: {row.text}" if row.text else "An empty text message was received."
    record(
        session,
        company_id=row.company_id,
        customer_id=customer_id,
        tag="sms:received",
        who=who or SYSTEM,
        text=text,
        facts={"text": row.id, "stop": asks_to_stop(row.text)},
        personal={"sender": row.sender},
    )
    touch(session, [customer_id])


def _stop(session: Session, row: ReceivedText, customer_id: int) -> None:
    """Nothing is answered: whoever wants no more text messages does not want that one either."""
    consent(
        session,
        company_id=row.company_id,
        customer_id=customer_id,
        channel="sms",
        given=False,
        source=f"text message “{row.text}”",
        who=SYSTEM,
    )
    record_event(
        session,
        company_id=row.company_id,
        customer_id=customer_id,
        kind="opted_out",
        at=row.at,
        key=f"text:{row.id}",
        data={"channel": "sms"},
        who=SYSTEM,
    )


def _note(session: Session, row: ReceivedText, customer_id: int, who: str) -> None:
    """As events, which workflows begin with or wait for."""
    data: dict[str, str | int | bool] = {
        "text": row.text,
        "word": word_of(row.text),
        "number": row.sender,
    }
    note = partial(
        record_event,
        session,
        company_id=row.company_id,
        customer_id=customer_id,
        at=row.at,
        key=f"text:{row.id}",
        who=who,
    )
    note(kind="message_received", data=data)
    answered = queries.last_text_to(session, number=row.sender, customer_id=customer_id, of_workflow=True)
    step = step_of(answered.key) if answered else None
    if step is not None:
        note(kind="replied", of=step[1], data={**data, "channel": "sms", "enrolment": step[0]})
