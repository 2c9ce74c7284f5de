"""Done, and taking it back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import insert_into, touch
from arfollow.followup.clicks import Click, NothingRecordedError, NoUndoError
from arfollow.followup.operations.recording import facts_for, lock, open_follow_up
from arfollow.followup.tables import CustomerState, FollowUp, FollowUpItem, RecordedAction
from arfollow.levels.rules.turning import next_listed
from arfollow.levels.tables import ItemPlace, Level
from arfollow.tasks.operations import TaskClosedError, skip_task

_STATE = ("snoozed_until", "snoozed_on", "manual_on", "last_done_on", "last_deadline_days")


@dataclass(frozen=True, slots=True)
class DoneResult:
    """When the customer is next on the list; None: never, by what is known now."""

    next_on: date | None


def mark_done(session: Session, click: Click, *, kept_task_id: int | None = None) -> DoneResult:
    """Finish the open follow-up: exactly its frozen items move, as of the day of its last recorded action.

    A snooze ends; a Manual reminder dated today or earlier is used up. `kept_task_id`: the task that its to-do was kept as.
    Raise OutdatedError, NothingRecordedError.
    """
    state = lock(session, click)
    follow_up = open_follow_up(session, click)
    if follow_up is None:
        raise NothingRecordedError
    moved = _move_items(session, follow_up)
    last_action = select(func.max(RecordedAction.id)).where(RecordedAction.customer_id == click.customer_id)
    follow_up.before = {
        **_saved(state),
        "places": moved,
        "action_id": session.scalar(last_action),
        "task_id": kept_task_id,
    }
    follow_up.done_on, follow_up.done_by = click.today, click.who
    level = session.get(Level, follow_up.level_id) if follow_up.level_id else None
    _finish(state, click.today, deadline_days=level.deadline_days if level else 0)
    touch(session, [click.customer_id])
    next_on = next_listed(facts_for(session, click), click.today)
    record(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        tag="follow-up:done",
        who=click.who,
        text=f"{level.name if level else 'Follow-up'}: Done",
        facts={
            "number": click.number,
            "level": level.name if level else None,
            "items": len(moved),
            "next_on": next_on.isoformat() if next_on else None,
        },
    )
    return DoneResult(next_on)


def undo_done(session: Session, click: Click) -> None:
    """Take the last Done back: levels, snooze and reminder as before, and the to-do no task any more.

    Raise OutdatedError, NoUndoError.
    """
    state = lock(session, click)
    follow_up = undoable(
        session, company_id=click.company_id, customer_id=click.customer_id, number=click.number
    )
    if follow_up is None:
        raise NoUndoError
    _move_back(session, follow_up)
    _end_kept_task(session, click, follow_up)
    for name in _STATE:
        value = follow_up.before[name]
        setattr(state, name, date.fromisoformat(value) if isinstance(value, str) else value)
    state.number = follow_up.number
    follow_up.done_on, follow_up.done_by, follow_up.before = None, "", {}
    record(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        tag="follow-up:undone",
        who=click.who,
        text="Done was taken back",
        facts={"number": follow_up.number},
    )
    touch(session, [click.customer_id])


def undoable(session: Session, *, company_id: int, customer_id: int, number: int) -> FollowUp | None:
    """The follow-up whose Done can still be taken back, given the customer's present number; None if there is none."""
    last = session.scalars(
        select(FollowUp).where(
            FollowUp.company_id == company_id,
            FollowUp.customer_id == customer_id,
            FollowUp.number == number - 1,
            FollowUp.done_on.is_not(None),
        )
    ).one_or_none()
    if last is None:
        return None
    since = select(RecordedAction.id).where(
        RecordedAction.customer_id == customer_id, RecordedAction.id > last.before.get("action_id", 0)
    )
    return None if session.scalars(since.limit(1)).first() else last


def _saved(state: CustomerState) -> dict[str, Any]:
    values = {name: getattr(state, name) for name in _STATE}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _finish(state: CustomerState, today: date, *, deadline_days: int) -> None:
    state.snoozed_until = state.snoozed_on = None
    if state.manual_on is not None and state.manual_on <= today:
        state.manual_on = None
    state.last_done_on, state.last_deadline_days = today, deadline_days
    state.number += 1


def _move_items(session: Session, follow_up: FollowUp) -> list[list[Any]]:
    """Put the frozen items at their levels; gives where each was before: [instalment, level, followed on]."""
    items = session.scalars(select(FollowUpItem).where(FollowUpItem.follow_up_id == follow_up.id)).all()
    ids = [item.instalment_id for item in items]
    places = session.scalars(select(ItemPlace).where(ItemPlace.instalment_id.in_(ids)))
    before = {place.instalment_id: [place.level_id, place.followed_on.isoformat()] for place in places}
    _place(
        session,
        follow_up.customer_id,
        [(item.instalment_id, item.level_id, follow_up.last_action_on) for item in items],
    )
    return [[item_id, *before.get(item_id, [None, None])] for item_id in ids]


def _end_kept_task(session: Session, click: Click, follow_up: FollowUp) -> None:
    task_id = follow_up.before.get("task_id")
    if task_id is None:
        return
    with suppress(TaskClosedError):
        skip_task(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            task_id=task_id,
            reason="Done was taken back",
            on=click.today,
            who=click.who,
        )


def _move_back(session: Session, follow_up: FollowUp) -> None:
    places = follow_up.before["places"]
    never = [item_id for item_id, level_id, _ in places if level_id is None]
    session.execute(delete(ItemPlace).where(ItemPlace.instalment_id.in_(never)))
    _place(
        session,
        follow_up.customer_id,
        [
            (item_id, level_id, date.fromisoformat(on))
            for item_id, level_id, on in places
            if level_id is not None
        ],
    )


def _place(session: Session, customer_id: int, places: list[tuple[int, int, date]]) -> None:
    if not places:
        return
    insert = insert_into(session, ItemPlace).values(
        [
            {"instalment_id": item_id, "customer_id": customer_id, "level_id": level_id, "followed_on": on}
            for item_id, level_id, on in places
        ]
    )
    changed = {"level_id": insert.excluded.level_id, "followed_on": insert.excluded.followed_on}
    session.execute(insert.on_conflict_do_update(index_elements=[ItemPlace.instalment_id], set_=changed))
