"""Who is responsible for how many customers, as a file."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.followup.queries.portfolios import portfolios
from arfollow.spreadsheet import Sheet


def portfolios_sheet(session: Session, *, company_id: int) -> Sheet:
    """Everybody who has customers, and nobody, with how many need action."""
    header = (_("Responsible"), _("Customers"), _("Action needed"))
    rows = (
        (each.name or _("Nobody"), each.customers, each.to_do)
        for each in portfolios(session, company_id=company_id)
    )
    return Sheet(name=_("Responsibility"), header=header, rows=rows)
