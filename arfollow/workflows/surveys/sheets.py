"""The answers to a survey as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import get_locale
from flask_babel import gettext as _

from arfollow.spreadsheet import Sheet
from arfollow.workflows.rules.surveys import Survey, answer_words, said_in
from arfollow.workflows.surveys.queries import Answered


def answers_sheet(survey: Survey, answered: Sequence[Answered]) -> Sheet:
    """A row for each customer's answers, the newest first; a column for each question."""
    language = str(get_locale())
    header = (
        _("Answered"),
        _("Customer number"),
        _("Customer"),
        *(said_in(question.words, language) for question in survey.questions),
    )
    return Sheet(name=said_in(survey.title, language), header=header, rows=_rows(survey, answered, language))


def _rows(survey: Survey, answered: Sequence[Answered], language: str) -> Iterator[Sequence[object]]:
    for each in answered:
        yield (
            each.at,
            each.number,
            each.customer,
            *(_cell(survey, each, at, language) for at in range(len(survey.questions))),
        )


def _cell(survey: Survey, answered: Answered, at: int, language: str) -> object:
    """A number stays one, so that a spreadsheet can go on with it."""
    question = survey.questions[at]
    answer = answered.answers.get(question.key)
    return (
        answer
        if answer is None or isinstance(answer, int)
        else answer_words(question, answer, language=language)
    )
