"""Figures about the list: how many, how much, what is next, what is still being worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.followup.queries.list_filters import conditions
from arfollow.followup.queries.list_view import ListView, View
from arfollow.followup.rules import Band, Status
from arfollow.followup.tables import FollowUp, ListAmount, ListRow
from arfollow.values.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDue:
    """The next day on which customers come onto the list by themselves, and how many do."""

    on: date
    customers: int


def count_of(session: Session, scope: Scope, list_view: ListView) -> int:
    """How many customers the view holds, on all its pages."""
    return session.scalar(select(func.count(ListRow.customer_id)).where(*conditions(scope, list_view))) or 0


def counts_by_view(session: Session, scope: Scope, list_view: ListView) -> Mapping[View, int]:
    """How many customers each view holds with the same filters."""
    of_view = {
        View.ACTION: func.count().filter(ListRow.status == Status.ACTION.value),
        View.OVERDUE: func.count().filter(ListRow.has_overdue.is_(True)),
        View.ALL: func.count(),
    }
    wanted = conditions(scope, list_view.seen_as(View.ALL))
    counts = session.execute(select(*of_view.values()).where(*wanted)).one()
    return dict(zip(of_view, counts, strict=True))


def counts_by_band(session: Session, scope: Scope, list_view: ListView) -> Mapping[Band, int]:
    """How many customers of the view are in each band that holds any, most urgent first."""
    rows = session.execute(
        select(ListRow.band, func.count())
        .where(*conditions(scope, list_view))
        .group_by(ListRow.band)
        .order_by(ListRow.band)
    )
    return {Band(band): customers for band, customers in rows}


def overdue_totals(session: Session, scope: Scope, list_view: ListView) -> tuple[Money, ...]:
    """What the view's customers owe that is overdue, by currency; before unapplied credit, without zeros."""
    sums = (
        select(ListAmount.currency, func.sum(ListAmount.overdue))
        .where(ListAmount.company_id == scope.company_id)
        .group_by(ListAmount.currency)
        .order_by(ListAmount.currency)
    )
    if list_view.is_filtered:
        own = ListRow.customer_id == ListAmount.customer_id
        sums = sums.join(ListRow, own).where(*conditions(scope, list_view))
    elif list_view.view is View.ACTION:
        # Without filters an index of the amounts answers alone; of the other views, who has nothing overdue adds nothing.
        sums = sums.where(ListAmount.status == Status.ACTION.value)
    rows = session.execute(sums)
    return tuple(Money(currency, int(overdue)) for currency, overdue in rows if overdue)


def currencies(session: Session, *, company_id: int) -> tuple[str, ...]:
    """Every currency that anything is open or unapplied in, by code."""
    rows = select(ListAmount.currency).where(ListAmount.company_id == company_id)
    return tuple(session.scalars(rows.distinct().order_by(ListAmount.currency)))


def count_done_today(session: Session, scope: Scope) -> int:
    """How many follow-ups were marked Done today, by anybody."""
    done = select(func.count(FollowUp.id)).where(
        FollowUp.company_id == scope.company_id, FollowUp.done_on == scope.today
    )
    return session.scalar(done) or 0


def next_due(session: Session, scope: Scope, list_view: ListView) -> NextDue | None:
    """When the next customers come up among those of the same person and search; None: nobody does by itself."""
    everybody = replace(list_view.without_filters(), responsible=list_view.responsible, text=list_view.text)
    wanted = conditions(scope, replace(everybody, view=View.ALL))
    ahead = [*wanted, ListRow.next_key > scope.today, ListRow.next_key < date.max]
    on = session.scalar(select(ListRow.next_key).where(*ahead).order_by(ListRow.next_key).limit(1))
    if on is None:
        return None
    customers = session.scalar(select(func.count()).where(*wanted, ListRow.next_key == on)) or 0
    return NextDue(on=on, customers=customers)
