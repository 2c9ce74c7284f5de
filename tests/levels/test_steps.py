"""Which level an item reaches, and when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.levels.rules.steps import (
    LevelTerms,
    NextStep,
    Pace,
    Place,
    PlanTerms,
    Timing,
    next_step,
    place_in,
)
from tests.levels.strategies import plans

DUE = date(2026, 1, 31)


def level(days, timing=Timing.AFTER_DUE, level_id=None):
    return LevelTerms(id=days if level_id is None else level_id, name=str(days), days=days, timing=timing)


def plan(*levels, **rhythm):
    return PlanTerms(id=1, name="plan", levels=levels, **rhythm)


@pytest.mark.parametrize(
    ("levels", "place", "expected"),
    [
        ([level(15)], None, NextStep(date(2026, 2, 15), 0)),
        ([level(0)], None, NextStep(DUE, 0)),
        ([level(-5)], None, NextStep(date(2026, 1, 26), 0)),
        ([level(28, Timing.AFTER_DUE_MONTH_END)], None, NextStep(date(2026, 2, 28), 0)),
        ([level(29, Timing.AFTER_DUE_MONTH_END)], None, NextStep(date(2026, 3, 31), 0)),
        ([level(5), level(20)], Place(0, date(2026, 2, 5)), NextStep(date(2026, 2, 20), 1)),
        ([level(5), level(20)], Place(0, date(2026, 3, 1)), NextStep(date(2026, 3, 16), 1)),
        ([level(5), level(5)], Place(0, date(2026, 3, 1)), NextStep(date(2026, 3, 2), 1)),
        (
            [level(5), level(10, Timing.AFTER_PREVIOUS)],
            Place(0, date(2026, 3, 1)),
            NextStep(date(2026, 3, 11), 1),
        ),
        (
            [level(5), level(0, Timing.AFTER_PREVIOUS)],
            Place(0, date(2026, 3, 1)),
            NextStep(date(2026, 3, 2), 1),
        ),
        ([level(5), level(20)], Place(1, date(2026, 3, 1)), None),
        ([], None, None),
    ],
)
def test_one_step_is_due_when_it_is_reached_and_the_plan_has_its_rhythm(levels, place, expected):
    assert next_step(plan(*levels), due_date=DUE, place=place, day=DUE) == expected


@pytest.mark.parametrize(
    ("place", "day", "expected"),
    [
        (None, date(2026, 2, 4), NextStep(date(2026, 2, 5), 0)),
        (None, date(2026, 2, 20), NextStep(date(2026, 2, 5), 1)),
        (Place(0, date(2026, 2, 20)), date(2026, 2, 20), NextStep(date(2026, 2, 21), 1)),
        (Place(0, date(2026, 2, 5)), date(2026, 3, 12), NextStep(date(2026, 2, 20), 2)),
    ],
)
def test_the_highest_level_reached_is_taken_at_the_pace_highest(place, day, expected):
    levels = (level(5), level(20), level(40))

    assert next_step(plan(*levels, pace=Pace.HIGHEST), due_date=DUE, place=place, day=day) == expected


def test_the_last_level_repeats_only_if_the_plan_says_so():
    place = Place(0, date(2026, 3, 1))

    assert next_step(plan(level(5)), due_date=DUE, place=place, day=DUE) is None
    again = next_step(plan(level(5), repeat_last_after_days=7), due_date=DUE, place=place, day=DUE)
    assert again == NextStep(date(2026, 3, 8), 0)


@pytest.mark.parametrize(
    ("level_id", "days", "expected"), [(20, 20, 1), (99, 25, 1), (99, 5, 0), (99, 4, None), (5, 60, 0)]
)
def test_an_item_of_a_retired_level_takes_the_last_one_that_is_not_later(level_id, days, expected):
    place = place_in(plan(level(5), level(20)), level_id=level_id, days=days, followed_on=DUE)

    assert place == (None if expected is None else Place(expected, DUE))


@given(plans(), st.integers(0, 200))
def test_an_item_never_goes_down_and_never_twice_on_a_day(any_plan, late):
    day = DUE + timedelta(days=late)
    place = None

    for _ in range(6):
        step = next_step(any_plan, due_date=DUE, place=place, day=day)
        if step is None or step.due_on > day:
            break
        assert place is None or step.level >= place.level
        assert place is None or step.due_on > place.followed_on
        place = Place(step.level, day)
        day += timedelta(days=1)
