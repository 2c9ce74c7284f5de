"""The form of a plan."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from arfollow.companies.rules import SettingError, amounts_text, parse_amounts
from arfollow.levels.drafts import FURTHEST_DAYS, PlanDraft
from arfollow.levels.rules.steps import Pace
from arfollow.web.forms import Form, one_line
from arfollow.web.refusals import said

_DAYS = NumberRange(min=0, max=FURTHEST_DAYS)
_LATER = NumberRange(min=1, max=FURTHEST_DAYS)


class PlanForm(Form):
    """A plan's rhythm."""

    name = StringField(_("Name"), [DataRequired(), Length(max=60)], filters=[one_line])
    pace = RadioField(
        _("Pace"),
        choices=lambda: [
            (Pace.STEP.value, _("One level at a time")),
            (Pace.HIGHEST.value, _("At once to the highest level reached")),
        ],
    )
    contact_gap_days = IntegerField(
        _("Contact gap, in days"),
        [InputRequired(), _DAYS],
        description=_("So long a customer is left in peace between two contacts at the same level."),
    )
    review_after_days = IntegerField(
        _("Review after, in days"),
        [Optional(), _LATER],
        description=_("After the last level: when somebody has to decide what comes next. Empty: never."),
    )
    repeat_last_after_days = IntegerField(
        _("Repeat the last level after, in days"),
        [Optional(), _LATER],
        description=_("Empty: it is not repeated."),
    )
    promise_grace_days = IntegerField(
        _("Grace for promises, in days"),
        [InputRequired(), _DAYS],
        description=_("A payment that was promised may come so much later."),
    )
    minimum_amounts = TextAreaField(
        _("Minimum amounts"),
        [Length(max=500)],
        description=_("Less is not worth a contact. A line for each currency, such as EUR 10.00."),
    )
    confirmed = HiddenField()
    seen = HiddenField()

    @classmethod
    def of(cls, draft: PlanDraft) -> PlanForm:
        """The form with what was posted, else with the plan's settings, for which `seen` stands."""
        values = {each.name: getattr(draft, each.name) for each in fields(draft)}
        values |= {"pace": draft.pace.value, "minimum_amounts": amounts_text(draft.minimum_amounts)}
        return cls.from_request(**values, seen=_seen(draft))

    def is_outdated(self, draft: PlanDraft) -> bool:
        """Whether the settings are not any more what the form showed."""
        return self.seen.data != _seen(draft)

    def validate_minimum_amounts(self, field: TextAreaField) -> None:
        """Each line is a currency and an amount."""
        try:
            parse_amounts(field.data or "")
        except SettingError as error:
            raise ValidationError(said(error)) from None

    def draft(self) -> PlanDraft:
        """What was entered; only when it is valid."""
        return PlanDraft(
            name=self.name.data or "",
            pace=Pace(self.pace.data),
            minimum_amounts=parse_amounts(self.minimum_amounts.data or ""),
            contact_gap_days=self.contact_gap_days.data or 0,
            repeat_last_after_days=self.repeat_last_after_days.data,
            review_after_days=self.review_after_days.data,
            promise_grace_days=self.promise_grace_days.data or 0,
        )


def _seen(draft: PlanDraft) -> str:
    return sha256(repr(draft).encode()).hexdigest()[:16]
