"""Positions in the database: which are due, and where they stand as the engine has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from arfollow.receivables.tables import Customer
from arfollow.workflows.queries.standing import read
from arfollow.workflows.rules.engine import Act, Position
from arfollow.workflows.tables import StepPosition

BATCH = 50


def due_positions(session: Session, *, company_id: int, now: datetime) -> Sequence[int]:
    """The company's next due positions that nobody else is at; they and their customers are ours until the transaction ends."""
    # Whoever writes of a customer holds it first, so it is held before its positions; who is held already comes later.
    free = (
        select(StepPosition.id)
        .join(Customer, Customer.id == StepPosition.customer_id)
        .where(StepPosition.company_id == company_id, *is_due(now))
        .order_by(StepPosition.due_at, StepPosition.id)
        .limit(BATCH)
        .with_for_update(of=Customer, key_share=True, skip_locked=True)
    )
    return session.scalars(free).all()


def is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is to be worked now."""
    return StepPosition.due_at <= now, ~StepPosition.held


def before(act: Act) -> Position:
    """Standing at the step, which is not done yet."""
    ran = {key: at for key, at in act.after.ran.items() if key != act.step.key}
    return replace(act.after, step=act.step.key, ran=ran)


def unsent(act: Act) -> Position:
    """Standing after the step, whose message nobody will get."""
    at = before(act)
    return replace(act.after, ran=at.ran, unsent=at.unsent | {act.step.key})


def position_of(position: StepPosition) -> Position:
    """Where it stands, as the engine has it."""
    return replace(read(position), took=position.took)


def stands_at(position: StepPosition, step: str | None, round_: int) -> bool:
    """Whether it stands at that step of that round."""
    return (position.step, position.round) == (step, round_)


def waits_since(position: StepPosition, act: Act) -> datetime | None:
    """Since when this very step waits for the contact gap; None: it does not yet."""
    return position.waits_since if stands_at(position, act.step.key, act.round) else None
