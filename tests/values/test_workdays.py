from datetime import date

import pytest

from arfollow.values.workdays import is_working_day, next_working_day


@pytest.mark.parametrize(
    ("day", "country", "following"),
    [
        (date(2026, 11, 19), "DE", date(2026, 11, 20)),
        (date(2026, 11, 20), "DE", date(2026, 11, 23)),
        (date(2026, 12, 24), "DE", date(2026, 12, 28)),
        (date(2026, 11, 25), "US", date(2026, 11, 27)),
        (date(2026, 11, 25), "DE", date(2026, 11, 26)),
        (date(2026, 12, 24), "", date(2026, 12, 25)),
    ],
)
def test_the_next_working_day_leaves_out_weekends_and_national_holidays(day, country, following):
    assert next_working_day(day, country=country) == following


def test_a_country_may_have_another_weekend():
    friday, saturday = date(2026, 11, 20), date(2026, 11, 21)

    assert (is_working_day(friday, country="SA"), is_working_day(saturday, country="SA")) == (False, False)
    assert is_working_day(date(2026, 11, 22), country="SA")
