"""What a survey asks: its questions in each language, whether it can be used, and what answers say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from arfollow.workflows.rules.conditions import Value

Words = Mapping[str, str]
"""A text by language."""

_KEY = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_ANSWER = 4_000
WIDEST_SCALE = 11
FEWEST_CHOICES = 2


class Asks(StrEnum):
    """How a question is answered."""

    SCALE = "scale"
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the answers to choose from. `key`: what conditions compare with."""

    key: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `least`, `most`: both ends (inclusive) of a scale; `low`, `high`: what stands beside them."""

    key: str
    asks: Asks
    words: Words
    required: bool = True
    least: int = 0
    most: int = 10
    low: Words = field(default_factory=dict)
    high: Words = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A survey. `key`: its name in facts, such as answer.satisfaction.score; `thanks`: what is shown afterwards."""

    key: str
    title: Words
    intro: Words
    thanks: Words
    questions: tuple[Question, ...]

    @property
    def languages(self) -> Sequence[str]:
        """Those it can be shown in, as its title has them."""
        return tuple(self.title)


def problems(survey: Survey) -> list[str]:
    """What keeps the survey from being used, each as a sentence; empty: nothing."""
    found = [
        *_about_keys("survey", [survey.key]),
        *_about_keys("question", [q.key for q in survey.questions]),
    ]
    if not survey.questions:
        found.append("The survey asks nothing.")
    for where, words in _all_words(survey):
        missing = [language for language in survey.languages if not words.get(language, "").strip()]
        found += [f"{where} is missing in {language}." for language in missing]
        found += [
            f"{where} is in {other}, but the title is not." for other in words if other not in survey.title
        ]
    for question in survey.questions:
        found += [f"{question.key}: {words}" for words in _about(question)]
    return found


def read_answers(
    survey: Survey, given: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Value], dict[str, str]]:
    """The answers as facts by the keys of their questions, and what is wrong with them by the same; unanswered ones are left out."""
    facts: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for question in survey.questions:
        answers = [each.strip() for each in given.get(question.key, ()) if each.strip()]
        if not answers:
            if question.required:
                wrong[question.key] = "missing"
            continue
        value = _answer(question, answers)
        if value is None:
            wrong[question.key] = "not_offered"
        else:
            facts[question.key] = value
    return facts, wrong


def said_in(words: Words, language: str) -> str:
    """The text in the language, else in the one that it is a kind of (de-AT: de), else in English, else in its first."""
    wanted = (language, language.replace("_", "-").partition("-")[0], "en", *words)
    return next((words[each] for each in wanted if each in words), "")


def answer_lines(
    survey: Survey, answers: Mapping[str, object], *, language: str
) -> Sequence[tuple[str, str]]:
    """What was asked and what was answered, in words and in the order of the questions; unanswered ones are left out."""
    return [
        (said_in(question.words, language), answer_words(question, answers[question.key], language=language))
        for question in survey.questions
        if question.key in answers
    ]


def answer_words(question: Question, answer: object, *, language: str) -> str:
    """An answer as people read it."""
    names = {choice.key: said_in(choice.words, language) for choice in question.choices}
    if isinstance(answer, list | tuple):
        return ", ".join(names.get(str(each), str(each)) for each in answer)
    if question.asks is Asks.SCALE:
        return f"{answer} / {question.most}"
    return names.get(str(answer), str(answer))


def _answer(question: Question, answers: Sequence[str]) -> Value:
    """None: it is not among what can be answered."""
    offered = {choice.key for choice in question.choices}
    match question.asks:
        case Asks.SCALE:
            number = answers[0]
            return int(number) if number in map(str, range(question.least, question.most + 1)) else None
        case Asks.CHOICE:
            return answers[0] if answers[0] in offered else None
        case Asks.CHOICES:
            return tuple(dict.fromkeys(answers)) if set(answers) <= offered else None
        case _:
            return answers[0][:LONGEST_ANSWER]


def _all_words(survey: Survey) -> Iterator[tuple[str, Words]]:
    yield from (("title", survey.title), ("intro", survey.intro), ("thanks", survey.thanks))
    for question in survey.questions:
        yield question.key, question.words
        if question.low or question.high:
            yield from ((f"{question.key}, low", question.low), (f"{question.key}, high", question.high))
        yield from ((f"{question.key}, {choice.key}", choice.words) for choice in question.choices)


def _about(question: Question) -> Iterator[str]:
    chooses = question.asks in (Asks.CHOICE, Asks.CHOICES)
    if chooses and len(question.choices) < FEWEST_CHOICES:
        yield "There have to be at least two answers to choose from."
    if not chooses and question.choices:
        yield "Only a choice has answers to choose from."
    yield from _about_keys("answer", [choice.key for choice in question.choices])
    if question.asks is Asks.SCALE and not 0 <= question.least < question.most:
        yield "The scale has to go up, from 0 or more."
    if question.asks is Asks.SCALE and question.most - question.least >= WIDEST_SCALE:
        yield f"A scale has at most {WIDEST_SCALE} numbers."


def _about_keys(what: str, keys: Sequence[str]) -> Iterator[str]:
    for key in dict.fromkeys(keys):
        if not _KEY.fullmatch(key):
            yield f"The key “{key}” of the {what} has to be small letters, digits and _."
        if keys.count(key) > 1:
            yield f"The key “{key}” of the {what} is there twice."
