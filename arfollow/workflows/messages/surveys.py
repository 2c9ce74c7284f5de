"""Answers to surveys, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from sqlalchemy.orm import Session

from arfollow.statements.catalogue import Words
from arfollow.workflows.rules.conditions import Facts, Value
from arfollow.workflows.rules.facts import ANSWERED
from arfollow.workflows.rules.surveys import Survey, answer_lines, answer_words
from arfollow.workflows.surveys.queries import UnknownSurveyError, survey_by_key

_TOLD = f"event.{ANSWERED}."


def survey_keys(names: Collection[str], facts: Facts) -> frozenset[str]:
    """The surveys that these variables speak of."""
    keys = {name.split(".")[1] for name in names if name.startswith("answer.")}
    if "answers" in names:
        keys.add(str(facts.get(f"{_TOLD}survey", "")))
    return frozenset(keys - {""})


def survey_asked(session: Session, *, company_id: int, key: str) -> Survey | None:
    """The survey as it is asked now; None: it is gone."""
    try:
        return survey_by_key(session, company_id=company_id, key=key).survey
    except UnknownSurveyError:
        return None


def last_answers(facts: Facts, surveys: Mapping[str, Survey], words: Words) -> Iterator[str]:
    """The last survey's questions with its answers, a line each; nothing where none was answered."""
    told = {name.removeprefix(_TOLD): value for name, value in facts.items() if name.startswith(_TOLD)}
    survey = surveys.get(str(told.pop("survey", "")))
    if survey is not None:
        # A question may have stood in an earlier survey too: only what the last answer told is there.
        answers = {question.key: told.get(question.key) for question in survey.questions}
        given = {key: value for key, value in answers.items() if value is not None}
        yield from (f"{asked} {said}" for asked, said in answer_lines(survey, given, language=words.language))


def answer_said(surveys: Mapping[str, Survey], survey: str, key: str, value: Value, words: Words) -> str:
    """An answer as its choice is worded; of a survey that is gone as it was given; empty: there is none."""
    found = surveys.get(survey)
    question = next((each for each in found.questions if each.key == key), None) if found else None
    if question is None or value is None:
        return written(value, words)
    return answer_words(question, value, language=words.language)


def written(value: Value, words: Words) -> str:
    """A fact as somebody who reads this language writes it; empty: not known."""
    match value:
        case None:
            return ""
        case bool():
            return words.gettext("yes") if value else words.gettext("no")
        case date():
            return words.long_day(value)
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)
