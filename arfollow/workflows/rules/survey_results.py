"""What came of a survey: how often each answer was given, means, and both over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from arfollow.workflows.rules.surveys import Asks, Question, Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One customer's answers, on the company's day; `by`: who, as the page shows it."""

    on: date
    number: str
    customer: str
    answers: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What somebody wrote."""

    on: date
    number: str
    customer: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Answers of one month. `first`: its first day; `mean`: of a scale; None: nobody answered, or it is none."""

    first: date
    count: int
    mean: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a question. `counts`: by answer, in the order of the question, then those of earlier versions.

    `mean`, `median`: of a scale; None: it is none, or nobody answered. `months`: all from the first to the last, without gaps.
    """

    question: Question
    answered: int
    counts: tuple[tuple[str, int], ...]
    mean: Fraction | None
    median: Fraction | None
    months: tuple[Month, ...]
    texts: tuple[Text, ...]


def results(survey: Survey, given: Sequence[Given]) -> tuple[Result, ...]:
    """What came of each question of the survey, in its order."""
    return tuple(_result(question, given) for question in survey.questions)


def monthly(given: Sequence[Given]) -> tuple[Month, ...]:
    """How many answered the survey in each month, from the first to the last."""
    return _months([(each.on, None) for each in given])


def _result(question: Question, given: Sequence[Given]) -> Result:
    answered = [(each, each.answers[question.key]) for each in given if question.key in each.answers]
    numbers = [
        (each.on, answer)
        for each, answer in answered
        if question.asks is Asks.SCALE and isinstance(answer, int)
    ]
    values = sorted(number for _, number in numbers)
    return Result(
        question=question,
        answered=len(answered),
        counts=_counts(question, [answer for _, answer in answered]),
        mean=_mean(values),
        median=_median(values),
        months=_months(numbers) if question.asks is Asks.SCALE else (),
        texts=tuple(
            Text(on=each.on, number=each.number, customer=each.customer, text=str(answer))
            for each, answer in answered
            if question.asks is Asks.TEXT
        ),
    )


def _counts(question: Question, answers: Sequence[object]) -> tuple[tuple[str, int], ...]:
    if question.asks is Asks.TEXT:
        return ()
    several = (answer if isinstance(answer, list | tuple) else [answer] for answer in answers)
    counted = Counter(str(each) for some in several for each in some)
    if question.asks is Asks.SCALE:
        offered = [str(number) for number in range(question.least, question.most + 1)]
    else:
        offered = [choice.key for choice in question.choices]
    earlier = sorted(counted.keys() - set(offered))
    return tuple((key, counted[key]) for key in (*offered, *earlier))


def _months(dated: Sequence[tuple[date, int | None]]) -> tuple[Month, ...]:
    by_month: dict[date, list[int | None]] = {}
    for day, value in dated:
        by_month.setdefault(day.replace(day=1), []).append(value)
    if not by_month:
        return ()
    months, month = [], min(by_month)
    while month <= max(by_month):
        values = by_month.get(month, [])
        numbers = [value for value in values if value is not None]
        months.append(Month(first=month, count=len(values), mean=_mean(numbers)))
        month = _next(month)
    return tuple(months)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _mean(values: Sequence[int]) -> Fraction | None:
    return Fraction(sum(values), len(values)) if values else None


def _median(values: Sequence[int]) -> Fraction | None:
    if not values:
        return None
    middle = len(values) // 2
    if len(values) % 2:
        return Fraction(values[middle])
    return Fraction(values[middle - 1] + values[middle], 2)
