"""Forms of who is responsible for which customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _t
from flask_babel import lazy_gettext as _
from wtforms import Field, FieldList, FormField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from arfollow.receivables.rules.responsibility import By, Rule, RuleError, checked
from arfollow.web.forms import Form, one_line
from arfollow.web.refusals import said

MOST = 50
"""Rules that a company may have."""

WORDS: dict[By, LazyString] = {
    By.COUNTRY: _("Country"),
    By.POSTAL_CODE: _("Postal code"),
    By.NAME: _("Name"),
    By.NUMBER: _("Customer number"),
    By.LANGUAGE: _("Language"),
    By.CURRENCY: _("Currency"),
    By.EVERYBODY: _("All others"),
}


class RuleForm(Form):
    """One rule."""

    by = SelectField(_("Customers by"), choices=lambda: [(by.value, str(WORDS[by])) for by in By])
    asked = StringField(_("that is, or begins with"), [Length(max=500)], filters=[one_line])
    user = SelectField(_("belong to"), [InputRequired()])

    def validate_asked(self, field: Field) -> None:
        """What can be looked for."""
        try:
            checked(By(self.by.data), field.data or "")
        except RuleError as error:
            raise ValidationError(said(error)) from None


class RulesForm(Form):
    """All rules of the company, the one that is asked first coming first."""

    rules = FieldList(FormField(RuleForm), max_entries=MOST)

    @classmethod
    def stored(cls, rules: Sequence[Rule]) -> RulesForm:
        """The form with the company's rules."""
        rows = [{"by": rule.by.value, "asked": rule.asked, "user": str(rule.user_id)} for rule in rules]
        return cls(data={"rules": rows})

    def rearranged(self, what: str) -> RulesForm:
        """The form with one rule moved, removed or added, as the button says: `up-2`, `down-2`, `remove-2`, `add`."""
        rows: list[Any] = [entry.data for entry in self.rules]
        verb, _dash, position = what.partition("-")
        at = int(position) if position.isdecimal() and int(position) < len(rows) else None
        if verb == "add" and len(rows) < MOST:
            rows.append({"by": By.COUNTRY.value})
        elif at is not None and verb in _MOVES:
            row = rows.pop(at)
            if verb != "remove":
                rows.insert(max(0, at + _MOVES[verb]), row)
        return RulesForm(data={"rules": rows})

    def offer(self, people: Sequence[tuple[str, str]], known: dict[str, str]) -> None:
        """Let each rule choose among these people, and whom it names already (`known`: their names)."""
        for entry in self.rules:
            named = entry.form.user.data or ""
            kept = [(named, known[named])] if named in known and named not in dict(people) else []
            entry.form.user.choices = [("", _t("Choose a colleague")), *people, *kept]

    def chosen(self) -> list[Rule]:
        """What was entered."""
        return [
            Rule(
                by=By(entry.form.by.data),
                asked=checked(By(entry.form.by.data), entry.form.asked.data or ""),
                user_id=int(entry.form.user.data),
            )
            for entry in self.rules
        ]


_MOVES = {"up": -1, "down": 1, "remove": 0}


class HandOverForm(Form):
    """Whose customers go to whom."""

    giver = SelectField(_("All customers of"), [InputRequired()])
    taker = SelectField(_("go to"))
