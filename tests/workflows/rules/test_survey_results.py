"""What comes of a survey."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from arfollow.workflows.examples import surveys
from arfollow.workflows.rules.survey_results import Given, Month, monthly, results

SURVEY = surveys()["satisfaction"]


def gave(on, **answers):
    return Given(on=date.fromisoformat(on), number="C-1", customer="Ümit", answers=answers)


def test_a_scale_is_counted_and_averaged():
    score, *_ = results(SURVEY, [gave("2026-11-01", score=value) for value in (0, 7, 8, 8)])

    assert [count for _, count in score.counts] == [1, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0]
    assert (score.answered, score.mean, score.median) == (4, Fraction(23, 4), Fraction(15, 2))


def test_several_answers_count_each_and_those_that_are_no_longer_offered_come_last():
    _, best, _ = results(
        SURVEY, [gave("2026-11-01", best=["price", "quality"]), gave("2026-11-01", best=["fax"])]
    )

    assert best.answered == 2
    assert best.counts == (("quality", 1), ("advice", 0), ("delivery", 0), ("price", 1), ("fax", 1))


def test_texts_are_kept_with_who_wrote_them():
    *_, better = results(SURVEY, [gave("2026-11-01", better="Bread"), gave("2026-11-02", score=1)])

    assert [(each.text, each.number, each.on.day) for each in better.texts] == [("Bread", "C-1", 1)]
    assert better.counts == ()


def test_months_in_which_nobody_answered_are_there_too():
    score, *_ = results(
        SURVEY, [gave("2026-11-30", score=4), gave("2027-01-01", score=6), gave("2027-01-31", score=7)]
    )

    assert score.months == (
        Month(first=date(2026, 11, 1), count=1, mean=Fraction(4)),
        Month(first=date(2026, 12, 1), count=0, mean=None),
        Month(first=date(2027, 1, 1), count=2, mean=Fraction(13, 2)),
    )


def test_without_answers_there_is_nothing():
    score, *_ = results(SURVEY, [])

    assert (score.answered, score.mean, score.median, score.months) == (0, None, None, ())
    assert monthly([]) == ()


@given(st.lists(st.integers(0, 10)))
def test_every_answer_is_counted_once(values):
    score, *_ = results(SURVEY, [gave("2026-11-01", score=value) for value in values])

    assert sum(count for _, count in score.counts) == score.answered == len(values)
    assert sum(month.count for month in score.months) == len(values)
