"""The tables of deliveries as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.delivery import queries
from arfollow.delivery.queries import View
from arfollow.delivery.queries.waiting import waiting_messages
from arfollow.delivery.words import channel_name, state_name
from arfollow.spreadsheet import Sheet
from arfollow.web.refusals import said


def deliveries_sheet(session: Session, *, company_id: int, view: View) -> Sheet:
    """All deliveries of the view, newest first."""
    header = (
        _("Delivery"),
        _("Queued"),
        _("Customer number"),
        _("Customer"),
        _("Channel"),
        _("Recipient"),
        _("Subject"),
        _("State"),
        _("To decide"),
        _("Explanation"),
    )
    return Sheet(name=_("Deliveries"), header=header, rows=_rows(session, company_id, view))


def _rows(session: Session, company_id: int, view: View) -> Iterator[Sequence[object]]:
    for each in queries.every_delivery(session, company_id=company_id, view=view):
        yield (
            each.id,
            each.at,
            each.customer.number if each.customer else None,
            each.customer.name if each.customer else _("Our own people"),
            channel_name(each.channel),
            each.recipient,
            each.subject,
            state_name(each.state),
            _("yes") if each.is_open else _("no"),
            said(each.explanation),
        )


def waiting_sheet(session: Session, *, company_id: int) -> Sheet:
    """All messages that wait, those that have waited longest first."""
    header = (_("Customer number"), _("Customer"), _("Recipient"), _("Queued"), _("By"))
    rows = (
        (each.customer_number, each.customer_name, each.recipient, each.queued_at, each.queued_by)
        for each in waiting_messages(session, company_id=company_id, limit=None)
    )
    return Sheet(name=_("Waiting messages"), header=header, rows=rows)
