"""Which customers a view of the list holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.followup.queries.list_view import ANYBODY, ME, NOBODY, ListView, View
from arfollow.followup.rules import Status
from arfollow.followup.tables import ListRow
from arfollow.receivables.tables import Invoice
from arfollow.values.folding import fold

MANY = 500
"""More customers than this that a text finds are not counted; up to so many are taken by their ids, and then sorted."""


def conditions(
    scope: Scope, list_view: ListView, among: Collection[int] | None = None
) -> list[ColumnElement[bool]]:
    """What a row of the list has to be to belong to the view; every page, place and bounded count asks the same.

    `among`: all customers that its text finds, where `found_by_text` or `few` has looked them up.
    """
    found = [ListRow.company_id == scope.company_id, *_of_view(list_view)]
    if list_view.status is not None:
        found.append(ListRow.status == list_view.status.value)
    if list_view.band is not None:
        found.append(ListRow.band == list_view.band.value)
    if list_view.level_id is not None:
        found.append(ListRow.level_id == list_view.level_id)
    if list_view.responsible != ANYBODY:
        found.append(_of(responsible_ids(scope, list_view)))
    if among is not None:
        found.append(ListRow.customer_id.in_(among))
    elif list_view.text:
        found += _named(list_view.text)
    return found


def responsible_ids(scope: Scope, list_view: ListView) -> Sequence[int]:
    """Whose customers the view shows; none: those of nobody. Only for a view that is not of anybody's.

    "Mine" are those of a colleague, too, whom the user stands in for today.
    """
    if list_view.responsible == NOBODY:
        return ()
    return scope.works_for if list_view.responsible == ME else (list_view.responsible_id or 0,)


def found_by_text(session: Session, scope: Scope, text: str) -> tuple[int, ...] | None:
    """The customers with every word in name or number, and that of the invoice with this number; None: more than MANY."""
    named = [ListRow.company_id == scope.company_id, *_named(text)]
    ids = session.scalars(select(ListRow.customer_id).where(*named).limit(MANY + 1)).all()
    if len(ids) > MANY:
        return None
    invoiced = select(Invoice.customer_id).where(
        Invoice.company_id == scope.company_id, Invoice.number == text
    )
    return tuple(sorted({*ids, *session.scalars(invoiced)}))


def few(session: Session, scope: Scope, list_view: ListView) -> Sequence[int]:
    """The customers of a view that holds only a few of those that its order's index would read: by another index."""
    return session.scalars(select(ListRow.customer_id).where(*conditions(scope, list_view))).all()


def _of(user_ids: Sequence[int]) -> ColumnElement[bool]:
    if len(user_ids) > 1:
        return ListRow.responsible_id.in_(user_ids)
    return ListRow.responsible_id.is_not_distinct_from(user_ids[0] if user_ids else None)


def _of_view(list_view: ListView) -> list[ColumnElement[bool]]:
    if list_view.view is View.ACTION:
        return [ListRow.status == Status.ACTION.value]
    # Whose status is overdue has something overdue: to ask for both would lead away from the index that answers.
    is_asked = list_view.view is View.OVERDUE and list_view.status is not Status.OVERDUE
    return [ListRow.has_overdue.is_(True)] if is_asked else []


def _named(text: str) -> list[ColumnElement[bool]]:
    return [ListRow.name_key.contains(word, autoescape=True) for word in fold(text).split()]
