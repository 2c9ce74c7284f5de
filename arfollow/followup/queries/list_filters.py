"""Which customers a view of the list holds."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select, true

from arfollow.access import Scope
from arfollow.followup.queries.list_view import ANYBODY, ME, NOBODY, ListView, View
from arfollow.followup.rules import Status
from arfollow.followup.tables import ListRow
from arfollow.receivables.tables import Invoice
from arfollow.values.folding import fold


def conditions(scope: Scope, list_view: ListView) -> list[ColumnElement[bool]]:
    """What a row of the list has to be to belong to the view; every count, total and page asks the same."""
    found = [ListRow.company_id == scope.company_id, *_of_view(list_view.view)]
    if list_view.status is not None:
        found.append(ListRow.status == list_view.status.value)
    if list_view.band is not None:
        found.append(ListRow.band == list_view.band.value)
    if list_view.level_id is not None:
        found.append(ListRow.level_id == list_view.level_id)
    if list_view.responsible != ANYBODY:
        found.append(_responsible(scope, list_view))
    if list_view.text:
        found.append(_text(scope, list_view.text))
    return found


def _of_view(view: View) -> list[ColumnElement[bool]]:
    if view is View.ACTION:
        return [ListRow.status == Status.ACTION.value]
    return [ListRow.has_overdue.is_(True)] if view is View.OVERDUE else []


def _responsible(scope: Scope, list_view: ListView) -> ColumnElement[bool]:
    if list_view.responsible == NOBODY:
        return ListRow.responsible_id.is_(None)
    wanted = scope.user_id if list_view.responsible == ME else list_view.responsible_id
    return ListRow.responsible_id == wanted


def _text(scope: Scope, text: str) -> ColumnElement[bool]:
    """Every word in name or number, or the number of an invoice of the customer."""
    words = [ListRow.name_key.contains(word, autoescape=True) for word in fold(text).split()]
    invoiced = select(Invoice.customer_id).where(
        Invoice.company_id == scope.company_id, Invoice.number == text
    )
    return or_(and_(true(), *words), ListRow.customer_id.in_(invoiced))
