"""Forms of text messages."""

from __future__ import annotations

from datetime import time

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, StringField, TimeField
from wtforms.validators import InputRequired, Length, ValidationError

from arfollow.companies.queries import TextHours
from arfollow.values.phones import PhoneError, parse_number
from arfollow.web.forms import Form, one_line
from arfollow.web.refusals import said

_LONGEST = 200


class AssignForm(Form):
    """Whose a text message is."""

    customer = StringField(
        _("Customer"),
        [InputRequired(_("Enter the customer's number.")), Length(max=_LONGEST)],
        filters=[one_line],
    )


class HoursForm(Form):
    """When text messages may go out."""

    begin = TimeField(_("From"), [InputRequired()])
    end = TimeField(_("Until"), [InputRequired()])
    on_days_of_rest = BooleanField(_("Also on Sundays and holidays"))

    def validate_end(self, field: Field) -> None:
        """Later than the beginning, on the same day."""
        if self.begin.data and field.data and field.data <= self.begin.data:
            raise ValidationError(gettext("The end has to be later than the beginning."))

    def hours(self) -> TextHours:
        """What was entered."""
        return TextHours(
            begin=self.begin.data or time(),
            end=self.end.data or time(),
            on_days_of_rest=bool(self.on_days_of_rest.data),
        )


class TrialForm(Form):
    """Where a test message goes."""

    to = StringField(_("Send it to"), [InputRequired(), Length(max=_LONGEST)], filters=[one_line])
    country: str = ""

    def validate_to(self, field: Field) -> None:
        """A telephone number."""
        try:
            parse_number(field.data or "", country=self.country)
        except PhoneError as problem:
            raise ValidationError(said(problem)) from None

    def number(self) -> str:
        """What was entered, as E.164."""
        return parse_number(self.to.data or "", country=self.country)
