"""Auto and Manual reminders, and Do It Later."""

from __future__ import annotations

from flask_babel import format_date
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, needs
from arfollow.followup.forms import LaterForm, ManualForm, chosen_day
from arfollow.followup.operations.reminding import (
    do_later,
    end_later,
    remind_automatically,
    remind_manually,
)
from arfollow.followup.views.answers import act, posted
from arfollow.followup.views.blueprint import blueprint


@blueprint.post("/customers/<customer:number>/later")
@needs(Permission.WORK)
def put_off(number: str) -> Response:
    """Do It Later: hide the customer until a day."""
    panel = posted("later", LaterForm)
    on = panel.form.on
    return act(
        number,
        lambda session, click: do_later(session, click, back_on=chosen_day(on)),
        said=lambda: _("Put off: back on %(day)s.", day=format_date(on.data, "full")),
        panel=panel,
    )


@blueprint.post("/customers/<customer:number>/later/end")
@needs(Permission.WORK)
def take_up(number: str) -> Response:
    """End Do It Later before its day."""
    return act(number, end_later, said=_("It is not put off any more."))


@blueprint.post("/customers/<customer:number>/reminder/manual")
@needs(Permission.WORK)
def set_manual(number: str) -> Response:
    """Set the reminder to Manual, for a day."""
    panel = posted("manual", ManualForm)
    on = panel.form.on
    return act(
        number,
        lambda session, click: remind_manually(session, click, on=chosen_day(on)),
        said=lambda: _("Reminder set to Manual: %(day)s.", day=format_date(on.data, "full")),
        panel=panel,
    )


@blueprint.post("/customers/<customer:number>/reminder/auto")
@needs(Permission.WORK)
def set_auto(number: str) -> Response:
    """Set the reminder to Auto: back when a level is next reached."""
    return act(number, remind_automatically, said=_("Reminder set to Auto."))
