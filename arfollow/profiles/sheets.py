"""Lists and their members as files."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.profiles.queries.lists import ListLine, all_lists, members_page
from arfollow.spreadsheet import Sheet
from arfollow.web.exports import batches

_SIZE = 1000


def lists_sheet(session: Session, *, company_id: int) -> Sheet:
    """All lists with how many customers are on them."""
    header = (_("Name"), _("Day"), _("Time"), _("Place"), _("Link to a map"), _("Customers"))
    rows = (
        (each.name, each.day, each.time, each.place, each.map_link, each.members)
        for each in all_lists(session, company_id=company_id)
    )
    return Sheet(name=_("Lists"), header=header, rows=rows)


def members_sheet(session: Session, known: ListLine, *, text: str = "") -> Sheet:
    """The customers on the list whose name or number contains the text. The first column can be put on a list again."""
    header = (_("Customer"), _("Name"), _("City"), _("E-mail"), _("Since"))
    rows = (
        (each.number, each.name, each.city, each.email, each.since)
        for each in batches(
            lambda number: members_page(session, list_id=known.id, text=text, page=number, size=_SIZE)
        )
    )
    return Sheet(name=known.name, header=header, rows=rows)
