"""Forms of deliveries."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from arfollow.web.forms import Form


class ReasonForm(Form):
    """Why somebody decides as they do."""

    reason = StringField(
        _("Reason"),
        filters=[lambda text: text.strip() if text else text],
        validators=[DataRequired(_("Say why: it goes into the chatter.")), Length(max=500)],
    )
