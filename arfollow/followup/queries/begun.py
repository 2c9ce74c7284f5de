"""The follow-ups that were begun and are not Done, as they were frozen: one query, however many customers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from arfollow.bulk import one_of
from arfollow.database import plain_rows
from arfollow.followup.tables import FollowUp, FollowUpItem
from arfollow.levels.queries import PlansInForce
from arfollow.levels.rules.facts import Begun
from arfollow.levels.rules.steps import Place, PlanTerms, place_in
from arfollow.levels.tables import Level

_used, _goes_to = aliased(Level), aliased(Level)
# Made once: to build it anew would take longer than to run it.
_BEGUN = (
    select(
        FollowUp.customer_id,
        FollowUp.last_action_on,
        FollowUp.level_id,
        _used.days,
        _used.deadline_days,
        FollowUpItem.instalment_id,
        _goes_to.id.label("to_id"),
        _goes_to.days.label("to_days"),
    )
    .outerjoin(_used, _used.id == FollowUp.level_id)
    .outerjoin(FollowUpItem, FollowUpItem.follow_up_id == FollowUp.id)
    .outerjoin(_goes_to, _goes_to.id == FollowUpItem.level_id)
    .where(
        one_of(FollowUp.customer_id, "ids"),
        FollowUp.done_on.is_(None),
    )
    .order_by(FollowUp.customer_id, FollowUpItem.instalment_id)
)


def begun_follow_ups(
    session: Session, customer_ids: Sequence[int], plans: PlansInForce
) -> Mapping[int, Begun]:
    """The open follow-up of each customer that has one, its levels as those of the plan that the customer has now."""
    rows: Iterable[Row[Any]] = plain_rows(session, _BEGUN, {"ids": customer_ids})
    return {
        customer_id: _begun(list(of_customer), plans.plan_of(customer_id))
        for customer_id, of_customer in groupby(rows, key=lambda row: row.customer_id)
    }


def _begun(rows: Sequence[Row[Any]], plan: PlanTerms | None) -> Begun:
    first = rows[0]
    level = _place(plan, first.level_id, first.days, first) if first.level_id else None
    return Begun(
        level=level.level if level else None,
        places=dict(_places(rows, plan)),
        deadline_days=first.deadline_days or 0,
    )


def _places(rows: Sequence[Row[Any]], plan: PlanTerms | None) -> Iterator[tuple[int, Place]]:
    for row in rows:
        place = _place(plan, row.to_id, row.to_days, row) if row.to_id else None
        if place is not None:
            yield row.instalment_id, place


def _place(plan: PlanTerms | None, level_id: int, days: int, row: Row[Any]) -> Place | None:
    if plan is None:
        return None
    return place_in(plan, level_id=level_id, days=days, followed_on=row.last_action_on)
