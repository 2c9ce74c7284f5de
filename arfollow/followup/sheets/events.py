"""What happened to a customer, as a file."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.profiles.queries.card import events_page
from arfollow.profiles.rules import in_one_line
from arfollow.receivables.queries.customers import CustomerCard
from arfollow.spreadsheet import Sheet
from arfollow.web.exports import batches

_SIZE = 500


def events_sheet(session: Session, card: CustomerCard) -> Sheet:
    """All of it, the latest first."""
    header = (_("Customer"), _("Day and time"), _("Event"), _("Key"), _("Data"))
    rows = (
        (
            card.number,
            each.at,
            each.kind,
            each.own_key,
            in_one_line(each.data),
        )
        for each in batches(lambda number: events_page(session, customer_id=card.id, page=number, size=_SIZE))
    )
    return Sheet(name=f"{_('Events')} {card.number}", header=header, rows=rows)
