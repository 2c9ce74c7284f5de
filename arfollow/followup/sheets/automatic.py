"""Automatic e-mails that go out next, or went out, as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.followup.queries.automatic import AutomaticCustomer, gone_out, next_to_go_out
from arfollow.spreadsheet import Sheet

SENT = "sent"
"""The table of those that went out today; the other one holds those that go out next."""


def automatic_sheet(session: Session, scope: Scope, *, table: str) -> Sheet:
    """All customers of the table, by name; a row for each currency that something is overdue in."""
    company_id = scope.company_id
    if table == SENT:
        name = _("Gone out today")
        found = gone_out(session, company_id=company_id, day=scope.today, limit=None)
    else:
        name, found = _("Next to go out"), next_to_go_out(session, company_id=company_id, limit=None)
    header = (_("Customer number"), _("Customer"), _("Level"), _("Currency"), _("Overdue"))
    return Sheet(name=name, header=header, rows=_rows(found))


def _rows(found: Sequence[AutomaticCustomer]) -> Iterator[Sequence[object]]:
    for each in found:
        for amount in each.overdue or (None,):
            yield (each.number, each.name, each.level, amount.currency if amount else None, amount)
