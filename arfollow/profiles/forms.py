"""Forms of lists."""

from __future__ import annotations

from datetime import time

from flask_babel import gettext as _t
from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField, TextAreaField, TimeField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from arfollow.profiles.operations.lists import ListFields
from arfollow.profiles.queries.lists import ListLine
from arfollow.web.forms import Form, one_line

LONGEST_PASTE = 2_000_000
"""Characters of customer numbers that are taken at once."""

_LONGEST = 200


def _web_address(_form: BaseForm, field: StringField) -> None:
    if field.data and not field.data.startswith(("https://", "http://")):
        raise ValidationError(_t("An address begins with https://."))


class ListForm(Form):
    """A list; a campaign if it has a day."""

    name = StringField(_("Name"), [DataRequired(), Length(max=_LONGEST)], filters=[one_line])
    day = DateField(_("Day"), [Optional()], description=_("With a day it is a campaign."))
    time = TimeField(_("Time"), [Optional()])
    place = StringField(_("Place"), [Length(max=_LONGEST)], filters=[one_line])
    map_link = StringField(
        _("Link to a map"),
        [Length(max=1000), _web_address],
        filters=[lambda text: text.strip() if text else text],
    )

    @classmethod
    def values_of(cls, known: ListLine) -> dict[str, object]:
        """The fields as they are stored."""
        return {
            "name": known.name,
            "day": known.day,
            "time": time.fromisoformat(known.time) if known.time else None,
            "place": known.place,
            "map_link": known.map_link,
        }

    def fields(self) -> ListFields:
        """What was entered."""
        return ListFields(
            name=self.name.data or "",
            day=self.day.data,
            time=self.time.data.strftime("%H:%M") if self.time.data else "",
            place=self.place.data or "",
            map_link=self.map_link.data or "",
        )


class MembersForm(Form):
    """Customers to put on a list: their numbers, one a line, or rows of a table that begin with them."""

    numbers = TextAreaField(
        _("Customer numbers"),
        [Length(max=LONGEST_PASTE)],
        description=_("One a line, or a table whose first column they are."),
    )
