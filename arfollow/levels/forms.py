"""Forms of plans, levels and their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from arfollow.companies.rules import SettingError, amounts_text, parse_amounts
from arfollow.levels.actions import ACTIONS
from arfollow.levels.drafts import FURTHEST_DAYS, LevelDraft, PlanDraft, WordingDraft, text_problems
from arfollow.levels.rules.steps import Pace, Timing
from arfollow.levels.wording import Problem
from arfollow.web.forms import Form, one_line

_FURTHEST = NumberRange(min=-FURTHEST_DAYS, max=FURTHEST_DAYS)
_DAYS = NumberRange(min=0, max=FURTHEST_DAYS)
_LATER = NumberRange(min=1, max=FURTHEST_DAYS)
_LONGEST_SHOWN = 90


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

    @classmethod
    def of(cls, draft: PlanDraft) -> PlanForm:
        """The form with what was posted, else with the plan's settings."""
        values = {each.name: getattr(draft, each.name) for each in fields(draft)}
        return cls.from_request(
            **{**values, "pace": draft.pace.value, "minimum_amounts": amounts_text(draft.minimum_amounts)}
        )

    def validate_minimum_amounts(self, field: TextAreaField) -> None:
        """Each line is a currency and an amount."""
        try:
            parse_amounts(field.data or "")
        except SettingError as error:
            raise ValidationError(str(error)) from None

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


class LevelForm(Form):
    """A level, without its words."""

    name = StringField(_("Name"), [DataRequired(), Length(max=60)], filters=[one_line])
    position = SelectField(_("Place in the plan"), coerce=int)
    timing = SelectField(
        _("Counted from"),
        choices=lambda: [
            (Timing.AFTER_DUE.value, _("the due date")),
            (Timing.AFTER_DUE_MONTH_END.value, _("the due date, then to the end of that month")),
            (Timing.AFTER_PREVIOUS.value, _("the day the previous level was done")),
        ],
    )
    days = IntegerField(
        _("Days"), [InputRequired(), _FURTHEST], description=_("Below 0: before the due date.")
    )
    deadline_days = IntegerField(
        _("Deadline, in days"),
        [InputRequired(), _DAYS],
        description=_("The letter asks for payment by its date and so many days."),
    )
    actions = SelectMultipleField(
        _("Actions"),
        choices=lambda: [(action.name, action.label) for action in ACTIONS.values()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    attach_statement = BooleanField(_("Attach the statement of account to the e-mail"))
    email_automatic = BooleanField(_("Send the e-mail automatically, without anybody's click"))
    confirmed = HiddenField()

    @classmethod
    def of(cls, draft: LevelDraft, *, position: int, names: Sequence[str]) -> LevelForm:
        """The form with what was posted, else with the level; `names` are those of the plan's other levels, in order."""
        form = cls.from_request(
            **{each.name: getattr(draft, each.name) for each in fields(draft) if each.name != "wordings"}
            | {"timing": draft.timing.value, "position": position}
        )
        after = [
            (at + 1, _("%(number)s., after “%(name)s”", number=at + 1, name=name))
            for at, name in enumerate(names, 1)
        ]
        form.position.choices = [(1, _("1., as the first")), *after]
        return form

    def draft(self, wordings: Mapping[str, WordingDraft]) -> LevelDraft:
        """What was entered; only when it is valid."""
        chosen = self.actions.data or []
        return LevelDraft(
            name=self.name.data or "",
            timing=Timing(self.timing.data),
            days=self.days.data or 0,
            deadline_days=self.deadline_days.data or 0,
            actions=tuple(name for name in ACTIONS if name in chosen),
            attach_statement=bool(self.attach_statement.data),
            email_automatic=bool(self.email_automatic.data),
            wordings=wordings,
        )


class WordingForm(Form):
    """A level's words in one language."""

    email_subject = StringField(_("Subject of the e-mail"))
    email_body = TextAreaField(_("Text of the e-mail"))
    letter_title = StringField(_("Title of the letter"))
    letter_body = TextAreaField(_("Text of the letter"))
    todo = StringField(_("Title of the to-do"))

    @property
    def entered(self) -> WordingDraft:
        """What was entered, lines ending in a line feed."""
        return WordingDraft(
            **{each.name: (self[each.name].data or "").replace("\r\n", "\n") for each in fields(WordingDraft)}
        )

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered."""
        return not any(str(field.data or "").strip() for field in self)

    def check(self, *, required: bool) -> bool:
        """Whether the words can be saved; what is wrong is said at its field, with the line."""
        if self.is_blank and not required:
            return True
        needed = (
            _("This is needed.") if required else _("Write this too, or nothing in this language at all.")
        )
        for name in ("email_subject", "email_body", "letter_title", "letter_body"):
            if not (self[name].data or "").strip():
                self._say(name, str(needed))
        draft = self.entered
        for (_language, name), problems in text_problems({"": draft}).items():
            for problem in problems:
                self._say(name, _sentence(problem, getattr(draft, name)))
        return not self.errors

    def _say(self, name: str, words: str) -> None:
        self[name].errors = [*self[name].errors, words]


def wording_forms(
    wordings: Mapping[str, WordingDraft], *, languages: Sequence[str]
) -> dict[str, WordingForm]:
    """A form for each language, with what was posted, else with the words there are."""
    return {
        language: WordingForm.from_request(wordings.get(language), prefix=language) for language in languages
    }


def language_name(language: str) -> str:
    """What the language is called on this page."""
    return Locale.parse(language).get_display_name(str(get_locale())) or language


def _sentence(problem: Problem, text: str) -> str:
    """Where, the offending line itself, and what is wrong."""
    lines = text.split("\n")
    shown = lines[problem.line - 1].strip()[:_LONGEST_SHOWN] if problem.line <= len(lines) else ""
    return str(
        _(
            "Line %(line)s, column %(column)s: %(message)s  » %(text)s",
            line=problem.line,
            column=problem.column,
            message=problem.message,
            text=shown,
        )
    )
