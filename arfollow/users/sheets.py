"""The users of a company, and who is away, as files."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.spreadsheet import Sheet
from arfollow.users.forms import role_name
from arfollow.users.queries import Member, absences, members


def users_sheet(session: Session, *, company_id: int) -> Sheet:
    """All of them, the active ones first, by name."""
    header = (_("Name"), _("E-mail"), _("Telephone"), _("Role"), _("State"))
    rows = (
        (each.name, each.email, each.phone, str(role_name(each.role)), _state(each))
        for each in members(session, company_id=company_id)
    )
    return Sheet(name=_("Users"), header=header, rows=rows)


def absences_sheet(session: Session, *, company_id: int, today: date) -> Sheet:
    """Absences that are not over today, the earliest first."""
    header = (_("Away"), _("First day"), _("Last day"), _("Stands in"))
    rows = (
        (each.name, each.first_day, each.last_day, each.stand_in)
        for each in absences(session, company_id=company_id, today=today)
    )
    return Sheet(name=_("Holidays"), header=header, rows=rows)


def _state(member: Member) -> str:
    if not member.active:
        return str(_("deactivated"))
    return str(_("never signed in with an own password") if member.one_time_password else _("active"))
