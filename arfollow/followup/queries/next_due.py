"""When the list will have more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.followup.queries.list_filters import conditions
from arfollow.followup.queries.list_view import ListView, View
from arfollow.followup.tables import ListRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDue:
    """The next day on which customers come onto the list by themselves, and how many do."""

    on: date
    customers: int


def next_due(
    session: Session, scope: Scope, list_view: ListView, found: Collection[int] | None = None
) -> NextDue | None:
    """When the next customers come up among those of the same person and search; None: nobody does by itself.

    `found`: what its text finds, where that was looked up.
    """
    everybody = replace(list_view.without_filters(), responsible=list_view.responsible, text=list_view.text)
    wanted = conditions(scope, replace(everybody, view=View.ALL), found)
    ahead = [*wanted, ListRow.next_key > scope.today, ListRow.next_key < date.max]
    on = session.scalar(select(ListRow.next_key).where(*ahead).order_by(ListRow.next_key).limit(1))
    if on is None:
        return None
    customers = session.scalar(select(func.count()).where(*wanted, ListRow.next_key == on)) or 0
    return NextDue(on=on, customers=customers)
