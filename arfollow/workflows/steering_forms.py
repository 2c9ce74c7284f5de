"""Forms by which a colleague steers who is in a workflow."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from arfollow.web.forms import Form, one_line


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


class MoveAllForm(Form):
    """Why all of a version go on in the newest."""

    reason = StringField(
        _("Reason"),
        filters=[one_line],
        validators=[DataRequired(_("Say why: it goes into the chatter.")), Length(max=500)],
    )
