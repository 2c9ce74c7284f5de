from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.receivables.rules.aging import bucket, buckets, earliest_due_dates

DAY = date(2026, 6, 30)


def test_buckets_are_named_by_their_borders():
    assert buckets([30, 60, 90, 120]) == ("not due", "1-30", "31-60", "61-90", "91-120", "> 120")
    assert buckets([14]) == ("not due", "1-14", "> 14")
    assert buckets([]) == ("not due", "> 0")


@pytest.mark.parametrize(
    ("days", "name"),
    [
        (-1, "not due"),
        (0, "not due"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "91-120"),
        (120, "91-120"),
        (121, "> 120"),
    ],
)
def test_a_day_on_a_border_belongs_to_the_bucket_that_ends_there(days, name):
    borders = [30, 60, 90, 120]

    assert buckets(borders)[bucket(days, borders)] == name


@given(st.lists(st.integers(1, 400), unique=True).map(sorted), st.integers(-100, 500))
def test_the_databases_way_and_the_rule_agree(borders, days):
    due_date = DAY - timedelta(days=days)

    dates = earliest_due_dates(DAY, borders)
    by_dates = next((index for index, earliest in enumerate(dates) if due_date >= earliest), len(dates))

    assert by_dates == bucket(days, borders)
