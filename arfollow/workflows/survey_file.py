"""Surveys as files that people read and change (TOML), and as data that the database keeps (JSON); both say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tomli_w

from arfollow.workflows.rules.surveys import Asks, Choice, Question, Survey
from arfollow.workflows.toml import TomlError, read_toml

_SURVEY = frozenset("key title intro thanks questions".split())
_QUESTION = frozenset("key asks words required least most low high choices".split())
_CHOICE = frozenset("key words".split())


class SurveyFileError(ValueError):
    """The survey cannot be read; the message says where."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}" if where else problem)


def write_survey(survey: Survey) -> str:
    """The survey as TOML; `read_survey` gives the same one again."""
    return tomli_w.dumps(survey_data(survey), multiline_strings=True)


def read_survey(text: str) -> Survey:
    """The survey in the TOML text; raise SurveyFileError."""
    try:
        data = read_toml(text)
    except TomlError as error:
        raise SurveyFileError("", str(error)) from None
    return survey_of(data)


def survey_data(survey: Survey) -> dict[str, Any]:
    """The survey as plain data: text, whole numbers, truth values, lists and tables."""
    return {
        "key": survey.key,
        "title": dict(survey.title),
        "intro": dict(survey.intro),
        "thanks": dict(survey.thanks),
        "questions": [_question_data(question) for question in survey.questions],
    }


def survey_of(data: Mapping[str, Any]) -> Survey:
    """The survey of plain data; raise SurveyFileError. Whether it can be used is another question."""
    _known(data, _SURVEY, "the survey")
    return Survey(
        key=_text(data, "key", "the survey"),
        title=_words(data, "title", "the survey"),
        intro=_words(data, "intro", "the survey"),
        thanks=_words(data, "thanks", "the survey"),
        questions=tuple(
            _question(each, f"question {at}") for at, each in enumerate(_tables(data, "questions"), 1)
        ),
    )


def _question_data(question: Question) -> dict[str, Any]:
    data: dict[str, Any] = {"key": question.key, "asks": question.asks.value}
    if not question.required:
        data["required"] = False
    if question.asks is Asks.SCALE:
        data |= {"least": question.least, "most": question.most}
    data["words"] = dict(question.words)
    data |= {name: dict(words) for name, words in (("low", question.low), ("high", question.high)) if words}
    if question.choices:
        data["choices"] = [{"key": each.key, "words": dict(each.words)} for each in question.choices]
    return data


def _question(data: Mapping[str, Any], where: str) -> Question:
    _known(data, _QUESTION, where)
    asks = _text(data, "asks", where)
    if asks not in list(Asks):
        raise SurveyFileError(where, f"nothing is asked by “{asks}”; there are {', '.join(Asks)}.")
    return Question(
        key=_text(data, "key", where),
        asks=Asks(asks),
        words=_words(data, "words", where),
        required=bool(data.get("required", True)),
        least=_number(data, "least", 0, where),
        most=_number(data, "most", 10, where),
        low=_words(data, "low", where),
        high=_words(data, "high", where),
        choices=tuple(_choice(each, where) for each in _tables(data, "choices")),
    )


def _choice(data: Mapping[str, Any], where: str) -> Choice:
    _known(data, _CHOICE, where)
    return Choice(key=_text(data, "key", where), words=_words(data, "words", where))


def _known(data: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
    for name in data:
        if name not in keys:
            raise SurveyFileError(where, f"there is no “{name}”; there are {', '.join(sorted(keys))}.")


def _text(data: Mapping[str, Any], name: str, where: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise SurveyFileError(where, f"“{name}” is missing.")
    return value


def _number(data: Mapping[str, Any], name: str, default: int, where: str) -> int:
    value = data.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise SurveyFileError(where, f"“{name}” has to be a whole number.")
    return value


def _words(data: Mapping[str, Any], name: str, where: str) -> Mapping[str, str]:
    value = data.get(name, {})
    if not isinstance(value, Mapping) or not all(isinstance(text, str) for text in value.values()):
        raise SurveyFileError(where, f"write “{name}” as a text for each language.")
    return dict(value)


def _tables(data: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise SurveyFileError(name, f"write each as a [[{name}]] table.")
    return found
