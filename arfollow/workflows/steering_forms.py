"""Forms by which a colleague steers who is in a workflow."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from arfollow.web.forms import Form, one_line

RESUMING = (
    ("latest", _("do the latest step of each customer, skip those before it")),
    ("skip", _("skip it all, and go on with what comes next")),
    ("shift", _("everything comes later by the length of the pause")),
)
INSIDE = (("finish", _("go on to their end")), ("leave", _("leave at once")))


class SteerForm(Form):
    """Why, and where to: each click asks for its part of it. `seen`: where the customer stood when the page was made."""

    seen = HiddenField()
    reason = StringField(
        _("Reason"),
        filters=[one_line],
        validators=[DataRequired(_("Say why: it goes into the chatter.")), Length(max=500)],
    )
    to = SelectField(_("Go on at"), choices=[], validate_choice=False)
    outcome = SelectField(_("As if"), choices=[], validate_choice=False)


class ReasonForm(Form):
    """Why something is done with all who are in a workflow."""

    reason = StringField(
        _("Reason"),
        filters=[one_line],
        validators=[DataRequired(_("Say why: it goes into the chatter.")), Length(max=500)],
    )


class ResumeForm(ReasonForm):
    """What becomes of those whose time came while a workflow was paused."""

    choice = RadioField(_("What was missed meanwhile"), choices=lambda: RESUMING, default="latest")


class RetireForm(ReasonForm):
    """What becomes of those inside."""

    inside = RadioField(_("Those inside"), choices=lambda: INSIDE, default="finish")
