"""Forms of a customer's profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from flask_babel import LazyString
from flask_babel import gettext as _t
from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, StringField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from arfollow.profiles.rules import CHANNELS, LONGEST_KEY, LONGEST_VALUE, datum, field_name
from arfollow.web.forms import Form, one_line

PAIRS = 5
"""So many things an event that is noted on the page can carry."""

_LONGEST_NAME = 40
_YEARS = range(1900, 2200)


def _line(label: LazyString, *validators: object, longest: int = LONGEST_VALUE) -> StringField:
    return StringField(label, [*validators, Length(max=longest)], filters=[one_line])


class FieldForm(Form):
    """A field of the company's own. `day` counts where there is one."""

    name = _line(_("Field"), DataRequired(), longest=_LONGEST_NAME)
    value = _line(_("Text"))
    day = DateField(_("or a day"), [Optional()])

    @property
    def told(self) -> str:
        """The value as it is kept."""
        day: date | None = self.day.data
        return day.isoformat() if day else self.value.data or ""


class ListForm(Form):
    """A list to put the customer on."""

    name = SelectField(_("List"), [DataRequired()])

    def offer(self, names: Iterable[str]) -> None:
        """The lists that the customer is not on."""
        self.name.choices = [("", _t("choose …")), *((name, name) for name in names)]


class ConsentForm(Form):
    """What the customer said about marketing by a channel."""

    channel = SelectField(_("Channel"), choices=lambda: [(each, channel_words(each)) for each in CHANNELS])
    given = RadioField(
        _("The customer"),
        [DataRequired()],
        choices=lambda: [("yes", _t("agreed")), ("no", _t("objected"))],
    )
    source = _line(_("How we know"), DataRequired())


class EventForm(Form):
    """Something that happened to the customer."""

    kind = _line(_("What happened"), DataRequired(), longest=_LONGEST_NAME)
    day = DateField(_("Day"), [InputRequired()])
    time = TimeField(_("Time"), [Optional()])
    key = _line(_("Key"), longest=LONGEST_KEY)

    def validate_day(self, field: DateField) -> None:
        """Not near the ends of the calendar, where no page could show the day of every place."""
        if field.data is not None and field.data.year not in _YEARS:
            raise ValidationError(_t("Please choose a day."))

    def at(self, now: datetime) -> datetime:
        """When it happened, where the clock shows `now`: this minute, or today without a time, is now; another day without one its beginning.

        What began seconds ago, such as a wait for the event, would not be told of the beginning of the minute or of the day.
        """
        day: date = self.day.data or date.min
        told = datetime.combine(day, self.time.data or time(), tzinfo=now.tzinfo)
        asked = (
            now.replace(second=0, microsecond=0)
            if self.time.data
            else datetime.combine(now, time(), now.tzinfo)
        )
        return now if told == asked else told


def carried(names: Iterable[str], values: Iterable[str]) -> Mapping[str, str | int]:
    """What an event carries, of names and values as they were filled in; raise ProfileError."""
    pairs = zip(names, values, strict=False)
    return {field_name(name): datum(value.strip()) for name, value in pairs if name.strip()}


def channel_words(channel: str) -> str:
    """A channel in the page's language."""
    return str({"email": _t("E-mail"), "sms": _t("Text message"), "letter": _t("Letter")}[channel])
