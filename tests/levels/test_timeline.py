from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.levels.drafts import LevelDraft
from arfollow.levels.rules.steps import Timing
from arfollow.levels.timeline import timeline


def level(days, timing=Timing.AFTER_DUE):
    return LevelDraft(name="L", days=days, timing=timing)


def number(percent):
    return float(percent.removesuffix("%"))


def test_marks_stand_to_scale_between_before_due_and_late():
    shape = timeline([level(-10), level(15), level(40)])

    places = [number(mark.at) for mark in shape.marks]
    assert places[0] < number(shape.due_at) < places[1] < places[2]
    assert (places[1] - places[0]) / (places[2] - places[1]) == pytest.approx(1, abs=0.01)
    assert [tick.days for tick in shape.ticks] == [-10, 0, 10, 20, 30, 40]


def test_a_level_that_counts_from_the_previous_one_stands_after_it():
    shape = timeline([level(15), level(10, Timing.AFTER_PREVIOUS), level(25)])

    assert number(shape.marks[1].at) == pytest.approx(number(shape.marks[2].at), abs=3.3)


def test_a_level_at_the_end_of_a_month_says_how_late_it_may_be():
    first, second = timeline([level(15), level(20, Timing.AFTER_DUE_MONTH_END)]).marks

    assert first.until is None
    assert number(second.until) > number(second.at)


@given(st.lists(st.builds(level, st.integers(-1000, 1000), st.sampled_from(Timing)), max_size=12))
def test_no_mark_covers_another_and_all_are_in_sight(levels):
    shape = timeline(levels)

    places = sorted(number(mark.at) for mark in shape.marks)
    assert all(after - before >= 3.1 for before, after in pairwise(places))
    assert all(0 <= place <= 100 for place in places)
    assert all(0 <= number(tick.at) <= 100 for tick in shape.ticks)
    assert len(shape.ticks) <= 10
