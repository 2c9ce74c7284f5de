"""Forms of a customer's page. Each has its own prefix, since they all stand on one page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from babel.numbers import NumberFormatError, parse_decimal
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _t
from flask_babel import lazy_gettext as _
from wtforms import DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from arfollow.values.money import AmountError, decimals
from arfollow.values.money import parse_decimal as parse_plain
from arfollow.web.forms import Form

_LONGEST_LINE = 200
_ONE_MARK = re.compile(r"([0-9]+)[.,]([0-9]{1,2})", re.ASCII)
_LONGEST_TEXT = 4000

CALL_OUTCOMES: tuple[tuple[str, LazyString], ...] = (
    ("reached", _("Reached, will pay")),
    ("discussed", _("Reached, to be clarified")),
    ("refused", _("Reached, refuses to pay")),
    ("message", _("Left a message")),
    ("nobody", _("Nobody reached")),
)

TODO_ENDS: tuple[tuple[str, LazyString], ...] = (
    ("keep", _("keep it as a task")),
    ("skip", _("skip it")),
)


def _line(label: LazyString, *validators: object) -> StringField:
    return StringField(label, [*validators, Length(max=_LONGEST_LINE)])


class CallForm(Form):
    """How a call went."""

    outcome = RadioField(_("Outcome"), choices=lambda: CALL_OUTCOMES, default="reached")
    text = TextAreaField(_("What was said"), [Length(max=_LONGEST_TEXT)])

    def outcome_words(self) -> str:
        """The outcome as the chatter keeps it."""
        return str(dict(CALL_OUTCOMES)[self.outcome.data])


class TodoForm(Form):
    """How the level's to-do ended."""

    outcome = RadioField(_("Outcome"), choices=lambda: CALL_OUTCOMES, default="reached")
    text = TextAreaField(_("What came of it"), [Length(max=_LONGEST_TEXT)])

    def outcome_words(self) -> str:
        """The outcome as the chatter keeps it."""
        return str(dict(CALL_OUTCOMES)[self.outcome.data])


class NoteForm(Form):
    """Something to remember; it is no action."""

    text = TextAreaField(_("Note"), [InputRequired(), Length(max=_LONGEST_TEXT)])


class LaterForm(Form):
    """When the customer is to be back."""

    on = DateField(_("Back on"), [InputRequired()])


class ManualForm(Form):
    """The day of a Manual reminder."""

    on = DateField(_("Remind on"), [InputRequired()])


class DoneForm(Form):
    """What becomes of a to-do that was not done."""

    todo = RadioField(_("The to-do"), choices=lambda: TODO_ENDS, default="keep")
    reason = _line(_("Reason"))


class HoldForm(Form):
    """Why and until when there is no follow-up."""

    reason = _line(_("Reason"), InputRequired())
    until = DateField(_("Until"), [Optional()], description=_("Its last day. Empty: until released."))


class DisputeForm(Form):
    """What is disputed, and how much of it."""

    reason = _line(_("Reason"), InputRequired())
    amount = _line(_("Amount"))


class PromiseForm(Form):
    """How much was promised, and for when."""

    amount = _line(_("Amount"))
    due_on = DateField(_("To be paid by"), [InputRequired()])
    note = _line(_("Note"))


class EndForm(Form):
    """How a dispute ended, or why a promise is cancelled."""

    text = _line(_("Reason"), InputRequired())


class TaskForm(Form):
    """A new task."""

    title = _line(_("What is to be done"), InputRequired())
    due_on = DateField(_("On"), [InputRequired()])
    assignee = SelectField(_("Who"), coerce=int, default=0)


class TaskEndForm(Form):
    """What came of a task, or why it is skipped."""

    text = _line(_("Outcome"))


class TaskDayForm(Form):
    """Another day for a task."""

    due_on = DateField(_("On"), [InputRequired()])


FORMS: Mapping[str, type[Form]] = {
    "call": CallForm,
    "dispute": DisputeForm,
    "done": DoneForm,
    "hold": HoldForm,
    "later": LaterForm,
    "manual": ManualForm,
    "note": NoteForm,
    "promise": PromiseForm,
    "task": TaskForm,
    "todo": TodoForm,
}
"""The forms of a customer's page by name, which is their prefix."""


def chosen_day(field: DateField) -> date:
    """The day of a field that has to be filled in; to be asked once its form is valid."""
    if field.data is None:
        raise ValueError(f"{field.name} was not validated.")
    return field.data


def read_amount(text: str, currency: str) -> int | None:
    """Minor units of an amount as the page's reader writes it, None when it is left empty; raise AmountError."""
    if not text.strip():
        return None
    example = {0: "1240", 2: "1240.50", 3: "1240.500"}[decimals(currency)]
    try:
        # One mark with one or two digits after it cannot group thousands: it is a decimal mark in any language.
        mark = _ONE_MARK.fullmatch(text.strip())
        plain = (
            f"{mark[1]}.{mark[2]}"
            if mark
            else str(parse_decimal(text.strip(), locale=get_locale(), strict=True))
        )
        return parse_plain(plain, currency)
    except NumberFormatError:
        raise AmountError(
            _t(
                "“%(text)s” is not an amount. Write it like %(example)s.",
                text=text,
                example=_localized(example),
            )
        ) from None


def _localized(example: str) -> str:
    symbol = get_locale().number_symbols["latn"]["decimal"]
    return example.replace(".", symbol)


class AutomaticForm(Form):
    """From which hour on automatic e-mails go out, and who is told."""

    hour = IntegerField(
        _("From which hour on"),
        [InputRequired(), NumberRange(0, 23)],
        description=_("0 to 23, in the company's time zone. They are announced two hours before."),
    )
    digest_email = StringField(
        _("Who is told"),
        [Optional(), Email(), Length(max=_LONGEST_LINE)],
        description=_("The address that the announcement and the report go to. Empty: the company's own."),
    )
