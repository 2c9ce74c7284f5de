"""The form of a level's words in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField

from arfollow.levels.drafts import WordingDraft, text_problems
from arfollow.levels.wording import Problem
from arfollow.web.forms import Form
from arfollow.web.refusals import said

_LONGEST_SHOWN = 90


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
        for name, sentences in self.mistakes().items():
            for sentence in sentences:
                self._say(name, sentence)
        return not self.errors

    def mistakes(self) -> dict[str, list[str]]:
        """What is wrong with the words as templates, by field: where, and why; empty when nothing is."""
        draft = self.entered
        return {
            name: [_sentence(problem, getattr(draft, name)) for problem in problems]
            for (_language, name), problems in text_problems({"": draft}).items()
        }

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
            message=said(problem.message),
            text=shown,
        )
    )
