"""The form of a level, without its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from arfollow.levels.actions import ACTIONS
from arfollow.levels.drafts import FURTHEST_DAYS, LevelDraft, Responsible, WordingDraft
from arfollow.levels.rules.steps import Timing
from arfollow.web.forms import Form, one_line

_FURTHEST = NumberRange(min=-FURTHEST_DAYS, max=FURTHEST_DAYS)
_DAYS = NumberRange(min=0, max=FURTHEST_DAYS)


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
        choices=lambda: [(action.name, str(action.label)) for action in ACTIONS.values()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    attach_statement = BooleanField(_("The statement of account (PDF)"))
    attach_letter = BooleanField(_("This level's letter (PDF)"))
    attach_items = BooleanField(_("A list of the open invoices (Excel)"))
    email_automatic = BooleanField(_("Send the e-mail automatically, without anybody's click"))
    responsible = RadioField(
        _("The to-do is for"),
        choices=lambda: [
            (Responsible.CUSTOMER.value, _("whoever is responsible for the customer")),
            (Responsible.MANAGER.value, _("the manager")),
            (Responsible.USER.value, _("one person:")),
        ],
        default=Responsible.CUSTOMER.value,
    )
    responsible_id = SelectField(_("Person"), coerce=int, default=0)
    seen = HiddenField()
    confirmed = HiddenField()

    @classmethod
    def of(
        cls,
        draft: LevelDraft,
        *,
        position: int,
        names: Sequence[str],
        people: Sequence[tuple[int, str]],
        seen: str,
    ) -> LevelForm:
        """The form with what was posted, else with the level.

        `names` are those of the plan's other levels, in order; `people`: who may be given its to-do, by id;
        `seen` stands for the level as the page shows it.
        """
        form = cls.from_request(
            **{each.name: getattr(draft, each.name) for each in fields(draft) if each.name != "wordings"}
            | {"timing": draft.timing.value, "position": position, "seen": seen}
            | {"responsible": draft.responsible.value, "responsible_id": draft.responsible_id or 0}
        )
        after = [
            (at + 1, _("%(number)s., after “%(name)s”", number=at + 1, name=name))
            for at, name in enumerate(names, 1)
        ]
        form.position.choices = [(1, _("1., as the first")), *after]
        form.responsible_id.choices = [(0, _("choose …")), *people]
        return form

    def validate_responsible_id(self, field: SelectField) -> None:
        """One person has to be somebody."""
        if self.responsible.data == Responsible.USER and not field.data:
            raise ValidationError(_("Choose the person."))

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
            attach_letter=bool(self.attach_letter.data),
            attach_items=bool(self.attach_items.data),
            email_automatic=bool(self.email_automatic.data),
            responsible=Responsible(self.responsible.data),
            responsible_id=self.responsible_id.data if self.responsible.data == Responsible.USER else None,
            wordings=wordings,
        )
