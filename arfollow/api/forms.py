"""The form of a key."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from arfollow.web.forms import Form, one_line


class KeyForm(Form):
    """A key for another program."""

    name = StringField(
        _("Name"),
        [DataRequired(), Length(max=60)],
        filters=[one_line],
        description=_("Of the program that tells the events; it stands at each of them in the chatter."),
    )
