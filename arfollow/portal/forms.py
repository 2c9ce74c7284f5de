"""Forms that customers fill in."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Self

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from arfollow.web.forms import Form, one_line
from arfollow.web.locale import languages, own_name

_LONGEST_TEXT = 1000

REASONS: tuple[tuple[str, LazyString], ...] = (
    ("paid", _l("I have paid this already")),
    ("amount", _l("The amount is wrong")),
    ("missing", _l("I have not received the goods or the service")),
    ("defective", _l("There is something wrong with the goods or the service")),
    ("other", _l("Something else")),
)


class OnceForm(Form):
    """A form that counts once, however often it is sent."""

    once = HiddenField(validators=[DataRequired(), Length(max=32)])

    @classmethod
    def fresh(cls, **values: object) -> Self:
        """The form as it is first shown."""
        return cls(data={"once": secrets.token_hex(8), **values})


class PromiseForm(OnceForm):
    """When the customer will pay. `latest`: the last day that needs nobody's permission; set by the view."""

    due_on = DateField(_l("I will pay on"), [InputRequired(_l("Please choose a day."))])
    note = StringField(_l("Note (optional)"), [Length(max=200)], filters=[one_line])
    earliest: date
    latest: date

    def validate_due_on(self, field: DateField) -> None:
        """Not in the past, and not too far away."""
        if field.data is None or self.earliest <= field.data <= self.latest:
            return
        raise ValidationError(_("Please choose a day from today on, up to the last one that is offered."))


class DisputeForm(OnceForm):
    """What is wrong with an invoice, or with a part of it."""

    item = RadioField(_l("Which invoice?"), [InputRequired(_l("Please choose an invoice."))], coerce=int)
    reason = RadioField(
        _l("What is wrong?"), [InputRequired(_l("Please choose what is wrong."))], choices=lambda: REASONS
    )
    amount = StringField(
        _l("Amount (optional)"),
        [Length(max=30)],
        filters=[one_line],
        description=_l("If only a part of it is wrong: how much. Empty: all of it."),
    )
    text = TextAreaField(
        _l("In your words"), [DataRequired(_l("Please write a few words.")), Length(max=_LONGEST_TEXT)]
    )


class PreferencesForm(Form):
    """By what the customer wants to hear of offers and news, and in which language."""

    email = BooleanField(_l("E-mail"))
    sms = BooleanField(_l("Text message"))
    letter = BooleanField(_l("Letter"))
    language = SelectField(
        _l("Language of our messages and of these pages"),
        choices=lambda: [(each, own_name(each)) for each in languages()],
    )
