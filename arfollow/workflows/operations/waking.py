"""Waking positions: something happened that may move them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.bulk import one_of
from arfollow.workflows.tables import StepPosition

_BATCH = 5000


def wake(session: Session, customer_ids: Sequence[int], *, of_money: bool = False) -> None:
    """Something happened to these customers, whom the caller holds: those of their positions that wait are due.

    `of_money`: their accounts changed, which concerns only routes that look at them. What is held stays as it is.
    """
    now = clock.now()
    waiting: list[ColumnElement[bool]] = [
        ~StepPosition.held,
        StepPosition.due_at.is_(None) | (StepPosition.due_at > now),
    ]
    if of_money:
        waiting.append(StepPosition.watches.is_(True))
    for start in range(0, len(customer_ids), _BATCH):
        some = one_of(StepPosition.customer_id, customer_ids[start : start + _BATCH])
        session.execute(
            update(StepPosition).where(some, *waiting).values(due_at=now),
            execution_options={"synchronize_session": False},
        )
