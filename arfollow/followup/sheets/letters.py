"""The letters that wait to be posted, as a file."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.followup.queries.letters import letters_to_post
from arfollow.spreadsheet import Sheet


def letters_sheet(session: Session, *, company_id: int) -> Sheet:
    """All of them, the oldest first."""
    return Sheet(
        name=_("Letters to post"),
        header=(_("Customer number"), _("Customer"), _("Letter"), _("Printed"), _("By")),
        rows=(
            (each.number, each.name, each.level or _("Statement"), each.printed_on, each.printed_by)
            for each in letters_to_post(session, company_id=company_id, limit=None)
        ),
    )
