from datetime import date

from arfollow.values.days import spelled


def test_a_day_is_spelled_so_that_nobody_takes_it_for_another():
    assert spelled(date(2026, 4, 3)) == "3 Apr 2026"
