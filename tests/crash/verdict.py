"""Compares the outbox with what the mail server wrote down and what the clerk was told."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.documents import read
from arfollow.chatter.tables import ChatterEntry
from arfollow.chatter.verification import verify
from arfollow.database import current_session
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.followup.tables import RecordedAction
from arfollow.receivables.tables import Customer
from tests.crash.sink import Sink, Taken
from tests.crash.site import Site

_TOLD = frozenset({State.FAILED, State.UNCERTAIN, State.CANCELLED})


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of the messages. `problems`: whatever should not be, in words."""

    messages: int
    sent: int
    uncertain: int
    failed: int
    cancelled: int
    taken: int
    twice: int
    lost: int
    problems: tuple[str, ...]

    def figures(self) -> dict[str, int]:
        """The numbers, by name."""
        values = asdict(self)
        return {**values, "problems": len(values.pop("problems"))}


@dataclass(frozen=True)
class _Books:
    session: Session
    company_id: int
    deliveries: Sequence[Delivery]
    taken: Sequence[Taken]
    clicked: Sequence[int]


def judge(site: Site, sink: Sink) -> Verdict:
    """The verdict, once nothing is on its way any more."""
    with site.app.app_context():
        session = current_session()
        books = _Books(
            session,
            site.company_id,
            session.scalars(select(Delivery).order_by(Delivery.id)).all(),
            sink.taken(),
            site.clicked(),
        )
        twice, lost = [*_twice(books)], [*_lost(books)]
        states = Counter(each.state for each in books.deliveries)
        verdict = Verdict(
            messages=len(books.deliveries),
            sent=states[State.SENT],
            uncertain=states[State.UNCERTAIN],
            failed=states[State.FAILED],
            cancelled=states[State.CANCELLED],
            taken=len(books.taken),
            twice=len(twice),
            lost=len(lost),
            problems=(*twice, *lost, *_untrue(books), *_unrecorded(books)),
        )
    site.disconnect()
    return verdict


def _twice(books: _Books) -> Iterator[str]:
    for name, count in Counter(each.message_id for each in books.taken).items():
        if count > 1:
            yield f"{name} was taken {count} times."
    for customer, count in Counter(each.customer_id for each in books.deliveries).items():
        if count > 1:
            yield f"Customer {customer} has {count} deliveries for one follow-up."


def _lost(books: _Books) -> Iterator[str]:
    for each in books.deliveries:
        if each.state != State.SENT and not (each.state in _TOLD and each.explanation):
            yield f"Delivery {each.id} ended as {each.state}: {each.explanation!r}."
    ids = {row.number: row.id for row in books.session.execute(select(Customer.number, Customer.id))}
    queued = {each.customer_id for each in books.deliveries}
    for customer in books.clicked:
        if ids[f"C{customer}"] not in queued:
            yield f"C{customer}: the clerk was told that an e-mail is on its way, and there is none."
    for action in books.session.scalars(select(RecordedAction)):
        if action.delivery_id is None:
            yield f"Customer {action.customer_id}: the e-mail of action {action.id} is gone."


def _untrue(books: _Books) -> Iterator[str]:
    """Where the outbox says something else than the mail server."""
    taken = {each.message_id: each.sha256 for each in books.taken}
    for each in books.deliveries:
        sha256 = taken.pop(each.message_id, None)
        if each.state == State.SENT and sha256 is None:
            yield f"Delivery {each.id} is sent, and the mail server never took it."
        if sha256 is not None and each.state not in {State.SENT, State.UNCERTAIN}:
            yield f"Delivery {each.id} is {each.state}, and the mail server took it."
        if sha256 is not None and sha256 != _stored(books.session, each):
            yield f"Delivery {each.id}: the mail server took other bytes than are stored."
    yield from (f"{name} is of no delivery." for name in taken)


def _stored(session: Session, delivery: Delivery) -> str:
    files = delivery.outgoing.get("files", [])
    return hashlib.sha256(read(session, sha256=files[0][2]).content).hexdigest() if files else ""


def _unrecorded(books: _Books) -> Iterator[str]:
    """Where the chatter is not whole, or says something else than the outbox."""
    report = verify(books.session, company_id=books.company_id)
    yield from (f"Chatter: {problem}" for problem in report.problems)
    entries = books.session.execute(
        select(ChatterEntry.thread, ChatterEntry.tag).where(ChatterEntry.tag.startswith("email:"))
    )
    told = Counter((thread, tag) for thread, tag in entries if tag != "email:delayed")
    for each in books.deliveries:
        for tag in ("email:queued", f"email:{each.state}"):
            if (count := told.pop((str(each.id), tag), 0)) != 1:
                yield f"Delivery {each.id}: {count} entries {tag}."
    yield from (f"Entry {tag} of delivery {thread}: it never came to that." for thread, tag in told)
