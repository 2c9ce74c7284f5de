from datetime import date, time

import pytest

from arfollow.values.days import spelled, time_of_day


def test_a_day_is_spelled_so_that_nobody_takes_it_for_another():
    assert spelled(date(2026, 4, 3)) == "3 Apr 2026"


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en_150", "14:11"),
        ("en_001", "14:11"),
        ("de_DE", "14:11"),
        ("en_US", "2:11\N{NARROW NO-BREAK SPACE}PM"),
    ],
)
def test_a_time_is_written_as_on_pages_for_the_same_reader(locale, written):
    assert time_of_day(time(14, 11), locale=locale) == written
