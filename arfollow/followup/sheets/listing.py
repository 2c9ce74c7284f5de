"""The list and the customers as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.followup import words
from arfollow.followup.queries.list_entry import ListEntry
from arfollow.followup.queries.list_view import ListView
from arfollow.followup.queries.listing import WholeList, whole_list
from arfollow.followup.rules import Band, Status
from arfollow.receivables.rules.aging import NOT_DUE
from arfollow.spreadsheet import Sheet
from arfollow.values.money import Money


def list_sheet(session: Session, scope: Scope, list_view: ListView, *, title: str) -> Sheet:
    """All customers of the view, with a column for each currency that anything is open in, and the aging of one."""
    found = whole_list(session, scope, list_view)
    return Sheet(name=title, header=_header(found), rows=_rows(found, scope))


def _header(found: WholeList) -> Sequence[str]:
    return (
        _("Customer number"),
        _("Customer"),
        _("Status"),
        _("Reason"),
        _("Level"),
        _("Actions"),
        *(_("Overdue, in %(currency)s", currency=currency) for currency in found.currencies),
        *(_("Total due, in %(currency)s", currency=currency) for currency in found.currencies),
        _("Days late"),
        _("Currency of the aging"),
        *(_bucket(name) for name in found.buckets),
        _("Last contact"),
        _("Kind of contact"),
        _("Next reminder"),
        _("Responsible"),
    )


def _bucket(name: str) -> str:
    return str(_("not due") if name == NOT_DUE else _("%(from_to)s days", from_to=name))


def _rows(found: WholeList, scope: Scope) -> Iterator[Sequence[object]]:
    for entry in found.entries:
        is_listed = entry.status is Status.ACTION
        yield (
            entry.number,
            entry.name,
            words.status_name(entry.status),
            words.band_name(entry.band) if entry.band is not Band.NOT_LISTED else None,
            entry.level.name if entry.level else None,
            ", ".join(words.contact_name(kind) for kind in entry.actions),
            *_in_columns(entry.overdue, found.currencies),
            *_in_columns(entry.total, found.currencies),
            entry.oldest_days,
            *_aging(entry, found),
            entry.contact.on if entry.contact else None,
            words.contact_name(entry.contact.kind) if entry.contact else None,
            scope.today if is_listed else entry.follow_up_on,
            entry.responsible.name if entry.responsible else None,
        )


def _in_columns(amounts: Sequence[Money], currencies: Sequence[str]) -> Iterator[Money | None]:
    by_currency = {amount.currency: amount for amount in amounts}
    return (by_currency.get(currency) for currency in currencies)


def _aging(entry: ListEntry, found: WholeList) -> Iterator[object]:
    if entry.aging is None:
        yield from (None for _each in ("", *found.buckets))
        return
    yield entry.aging.currency
    for _name, minor in entry.aging.buckets:
        yield Money(entry.aging.currency, minor)
