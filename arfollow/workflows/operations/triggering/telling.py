"""What our own log knows is told as events: only what some workflow asks for, and only of those whom it concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.bulk import one_of
from arfollow.delivery.queries import OutgoingDelivery
from arfollow.profiles.noticing import Noticed, notice
from arfollow.receivables.operations.telling import News
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.rules.promises import PromiseState
from arfollow.receivables.tables import Instalment, Invoice, Promise
from arfollow.workflows.operations.waking import wake
from arfollow.workflows.queries.keys import key_of
from arfollow.workflows.queries.occasions import is_open
from arfollow.workflows.rules.triggers import INVOICE_MISSED, PROMISE_BROKEN, PROMISE_KEPT
from arfollow.workflows.tables import ArmedTrigger, Enrolment, Workflow, WorkflowVersion

PURPOSE = "workflow"
_OUTCOMES = {"sent": "message_sent", "failed": "message_failed"}
_BATCH = 500
_LONGEST_GRACE = timedelta(days=60)
_LATE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The kinds of events that enrol, and those that anybody who is enrolled may wait for."""

    enrolling: Collection[str]
    inside: Collection[str]

    def __contains__(self, kind: object) -> bool:
        return kind in self.enrolling or kind in self.inside


def tell_ledger(session: Session, company_id: int, kind: str, news: Iterable[News]) -> None:
    """What has come into accounts; registered with receivables."""
    wanted = _wanted(session, company_id)
    if kind in wanted:
        told = (Noticed(customer_id=each.customer_id, key=each.key, data=each.about) for each in news)
        _tell(session, company_id, kind, told, wanted, now=clock.now())


def tell_delivery(session: Session, delivery: OutgoingDelivery, action: str) -> None:
    """What became of a message that a workflow sent; registered with delivery."""
    kind = _OUTCOMES.get(action)
    if kind is None or delivery.purpose != PURPOSE or delivery.customer_id is None:
        return
    wanted = _wanted(session, delivery.company_id)
    if kind not in wanted:
        return
    _, enrolment_id, _, step, *_ = delivery.key.split(":")
    told = Noticed(
        customer_id=delivery.customer_id,
        key=delivery.key,
        of=step,
        # What tells the message's enrolment from the customer's others.
        data={
            "channel": delivery.channel,
            "enrolment": int(enrolment_id),
            **key_of(session, customer_id=delivery.customer_id, enrolment_id=int(enrolment_id)),
        },
    )
    _tell(session, delivery.company_id, kind, [told], wanted, now=clock.now())


def tell_of_days(session: Session, trigger: ArmedTrigger, *, first: date, today: date, now: datetime) -> None:
    """What the days from the first to today tell by themselves: an invoice was not paid, a promise was broken."""
    company_id = trigger.company_id
    wanted = _wanted(session, company_id)
    if INVOICE_MISSED in wanted:
        _tell(
            session, company_id, INVOICE_MISSED, _missed(session, company_id, first, today), wanted, now=now
        )
    if PROMISE_BROKEN in wanted:
        broken = _broken(session, company_id, first, today)
        _tell(session, company_id, PROMISE_BROKEN, broken, wanted, now=now)


def tell_of_promises(
    session: Session, *, company_id: int, customer_ids: Sequence[int], today: date, now: datetime
) -> None:
    """Which promises of these customers were kept of late."""
    wanted = _wanted(session, company_id)
    if PROMISE_KEPT not in wanted:
        return
    promised = select(Promise.customer_id).where(one_of(Promise.customer_id, customer_ids)).distinct()
    kept = [
        _noticed(customer_id, state)
        for customer_id, state in _states(session, session.scalars(promised).all(), today)
        if state.kept_on is not None and state.kept_on >= today - _LATE
    ]
    _tell(session, company_id, PROMISE_KEPT, kept, wanted, now=now)


def _wanted(session: Session, company_id: int) -> _Wanted:
    """Looked up each time: it is one short statement, and whoever has just published must not be told less."""
    rows = session.execute(
        select(WorkflowVersion.wants, ArmedTrigger.event, Workflow.state)
        .join(Workflow, Workflow.id == WorkflowVersion.workflow_id)
        .join(ArmedTrigger, ArmedTrigger.workflow_id == Workflow.id)
        # Of one that nobody enters any more, too: those inside may finish it.
        .where(Workflow.company_id == company_id, WorkflowVersion.published_at.is_not(None))
    ).all()
    return _Wanted(
        enrolling=frozenset(row.event for row in rows if row.event and row.state == "running"),
        inside=frozenset(kind for row in rows for kind in row.wants),
    )


def _tell(
    session: Session,
    company_id: int,
    kind: str,
    told: Iterable[Noticed],
    wanted: _Wanted,
    *,
    now: datetime,
) -> None:
    if kind not in wanted.enrolling:
        told = _of_those_inside(session, told)
    concerned = notice(session, company_id=company_id, kind=kind, at=now, noticed=told)
    if concerned:
        wake(session, sorted(concerned))


def _of_those_inside(session: Session, told: Iterable[Noticed]) -> Iterator[Noticed]:
    waiting = iter(told)
    while some := list(islice(waiting, _BATCH)):
        ids = sorted({each.customer_id for each in some})
        inside = set(
            session.scalars(
                select(Enrolment.customer_id).where(
                    one_of(Enrolment.customer_id, ids), Enrolment.left_at.is_(None)
                )
            )
        )
        yield from (each for each in some if each.customer_id in inside)


def _missed(session: Session, company_id: int, first: date, today: date) -> Iterator[Noticed]:
    day = timedelta(days=1)
    rows = session.execute(
        select(Invoice.customer_id, Invoice.number, Instalment.number)
        .join(Instalment, Instalment.invoice_id == Invoice.id)
        .where(
            Instalment.company_id == company_id,
            Instalment.due_date.between(first - day, today - day),
            is_open(today),
        )
        .order_by(Instalment.due_date, Instalment.id)
    ).all()
    for customer_id, number, instalment in rows:
        yield Noticed(customer_id=customer_id, key=f"{number}/{instalment}", data={"invoice": number})


def _broken(session: Session, company_id: int, first: date, today: date) -> Iterator[Noticed]:
    promised = select(Promise.customer_id).where(
        Promise.company_id == company_id,
        Promise.due_on.between(first - _LONGEST_GRACE, today),
        Promise.cancelled_on.is_(None),
    )
    for customer_id, state in _states(session, session.scalars(promised.distinct()).all(), today):
        if state.is_broken(today) and first <= state.terms.broken_on <= today:
            yield _noticed(customer_id, state)


def _states(session: Session, customer_ids: Sequence[int], today: date) -> Iterator[tuple[int, PromiseState]]:
    for start in range(0, len(customer_ids), _BATCH):
        some = accounts(session, customer_ids=customer_ids[start : start + _BATCH], day=today)
        for customer_id, account in some.items():
            for state in account.promises:
                yield customer_id, state


def _noticed(customer_id: int, state: PromiseState) -> Noticed:
    number = str(state.terms.id)
    return Noticed(customer_id=customer_id, key=number, data={"promise": number})
