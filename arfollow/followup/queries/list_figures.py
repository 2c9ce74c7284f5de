"""Figures about a view of the list: how many customers, and how much. None of them reads the list itself, however long it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Boolean, Integer, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.followup.queries.list_filters import MANY, conditions, responsible_ids
from arfollow.followup.queries.list_view import ANYBODY, ListView, View
from arfollow.followup.rules import Band, Status
from arfollow.followup.tables import ListAmount, ListFigure, ListRow
from arfollow.values.money import Money

# Made once: to build it anew would take longer than to run it.
_MATCHING = and_(
    or_(
        bindparam("any_level", type_=Boolean()), ListFigure.level_id == bindparam("level_id", type_=Integer())
    ),
    or_(
        bindparam("anybody", type_=Boolean()),
        ListFigure.responsible_id.in_(bindparam("responsible_ids", type_=Integer(), expanding=True)),
    ),
)
_KEY = (ListFigure.currency, ListFigure.status, ListFigure.band, ListFigure.has_overdue)
_KEPT = (
    select(
        *_KEY,
        func.sum(ListFigure.customers).filter(_MATCHING),
        func.sum(ListFigure.overdue).filter(_MATCHING),
        func.sum(ListFigure.customers),
    )
    .where(ListFigure.company_id == bindparam("company_id", type_=Integer()))
    .group_by(*_KEY)
    .order_by(*_KEY)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures of a view. `counts`: customers of each view with the same filters, `bands`: of each band in the view that has any.

    `overdue`: what is overdue of the view's customers by currency, before unapplied credit, without zeros. `everybody`:
    customers of each view without filters. `currencies`: all that anything is open or unapplied in, by code. Where a text
    finds too many to count, `is_bounded`: a count above MANY means that there are more, and nothing is added up.
    """

    total: int
    counts: Mapping[View, int]
    bands: Mapping[Band, int]
    overdue: tuple[Money, ...]
    everybody: Mapping[View, int]
    currencies: tuple[str, ...]
    is_bounded: bool = False


class _Cell(NamedTuple):
    """Customers that are alike, and what is overdue of theirs in a currency; without one, how many they are.

    `everybody` counts those too whom the filters by level and responsible leave out.
    """

    currency: str
    status: str
    band: int
    has_overdue: bool
    customers: int
    overdue: int
    everybody: int = 0

    def belongs_to(self, list_view: ListView) -> bool:
        """Whether its customers are the view's, as far as status and band go; level and responsible are asked of the database."""
        return (
            (list_view.view is not View.ACTION or self.status == Status.ACTION.value)
            and (list_view.view is not View.OVERDUE or self.has_overdue)
            and (list_view.status is None or self.status == list_view.status.value)
            and (list_view.band is None or self.band == list_view.band.value)
        )


def list_figures(
    session: Session, scope: Scope, list_view: ListView, found: Collection[int] | None
) -> Figures:
    """The view's figures; `found`: what its text finds, None when it has none or finds too many."""
    kept = _kept(session, scope, list_view)
    everybody = {
        view: sum(
            cell.everybody for cell in kept if not cell.currency and cell.belongs_to(ListView(view=view))
        )
        for view in View
    }
    currencies = tuple(sorted({cell.currency for cell in kept if cell.currency and cell.everybody}))
    if list_view.text and found is None:
        return _bounded(session, scope, list_view, everybody=everybody, currencies=currencies)
    cells = kept if found is None else _of_found(session, scope, list_view, found)
    return Figures(
        total=_customers(cells, list_view),
        counts={view: _customers(cells, list_view.seen_as(view)) for view in View},
        bands=_bands(cells, list_view),
        overdue=_overdue(cells, list_view),
        everybody=everybody,
        currencies=currencies,
    )


def _kept(session: Session, scope: Scope, list_view: ListView) -> Sequence[_Cell]:
    anybody = list_view.responsible == ANYBODY
    rows = session.execute(
        _KEPT,
        {
            "company_id": scope.company_id,
            "any_level": list_view.level_id is None,
            "level_id": list_view.level_id or 0,
            "anybody": anybody,
            "responsible_ids": (0,) if anybody else responsible_ids(scope, list_view) or (0,),
        },
    )
    return [
        _Cell(
            currency,
            status,
            band,
            has_overdue,
            customers=int(customers or 0),
            overdue=int(overdue or 0),
            everybody=int(everybody),
        )
        for currency, status, band, has_overdue, customers, overdue, everybody in rows
    ]


def _of_found(session: Session, scope: Scope, list_view: ListView, found: Collection[int]) -> Sequence[_Cell]:
    """One for each customer found, and for each of its currencies."""
    if not found:
        return ()
    rows = session.execute(
        select(
            ListRow.customer_id,
            ListRow.status,
            ListRow.band,
            ListRow.has_overdue,
            ListAmount.currency,
            ListAmount.overdue,
        )
        .outerjoin(ListAmount, ListAmount.customer_id == ListRow.customer_id)
        .where(*conditions(scope, list_view.seen_as(View.ALL), found))
    ).all()
    alike = {customer_id: (status, band, late) for customer_id, status, band, late, _, _ in rows}
    return [
        *(_Cell("", *key, customers=1, overdue=0) for key in alike.values()),
        *(_Cell(row.currency, *alike[row.customer_id], 1, row.overdue) for row in rows if row.currency),
    ]


def _customers(cells: Iterable[_Cell], list_view: ListView) -> int:
    return sum(cell.customers for cell in cells if not cell.currency and cell.belongs_to(list_view))


def _bands(cells: Iterable[_Cell], list_view: ListView) -> Mapping[Band, int]:
    """Most urgent first, without those that hold nobody."""
    if list_view.view is not View.ACTION:
        return {}
    counted: dict[int, int] = {}
    for cell in cells:
        if not cell.currency and cell.customers and cell.belongs_to(list_view):
            counted[cell.band] = counted.get(cell.band, 0) + cell.customers
    return {Band(band): counted[band] for band in sorted(counted)}


def _overdue(cells: Iterable[_Cell], list_view: ListView) -> tuple[Money, ...]:
    sums: dict[str, int] = {}
    for cell in cells:
        if cell.overdue and cell.belongs_to(list_view):
            sums[cell.currency] = sums.get(cell.currency, 0) + cell.overdue
    return tuple(Money(currency, sums[currency]) for currency in sorted(sums))


def _bounded(
    session: Session,
    scope: Scope,
    list_view: ListView,
    *,
    everybody: Mapping[View, int],
    currencies: tuple[str, ...],
) -> Figures:
    """Of a text that finds too many: it counts up to MANY and one, which an index finds soon for that very reason."""
    some = select(ListRow.customer_id).where(*conditions(scope, list_view)).limit(MANY + 1)
    total = session.scalar(select(func.count()).select_from(some.subquery())) or 0
    return Figures(
        total=total,
        counts={list_view.view: total},
        bands={},
        overdue=(),
        everybody=everybody,
        currencies=currencies,
        is_bounded=True,
    )
