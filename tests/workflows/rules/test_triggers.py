from datetime import date

import pytest

from arfollow.workflows.rules.triggers import has_purchased, inactive_on, word_of
from arfollow.workflows.rules.waits import Unit

TODAY = date(2026, 8, 31)


@pytest.mark.parametrize(
    ("days", "has"),
    [
        ([], False),
        ([date(2026, 8, 31)], False),
        ([date(2026, 8, 31), date(2026, 3, 1)], True),
        # Six months before 31 August is 28 February: that day is outside, and so is tomorrow.
        ([date(2026, 8, 31), date(2026, 2, 28)], False),
        ([date(2026, 8, 31), date(2026, 9, 1)], False),
        ([date(2026, 5, 5), date(2026, 5, 5)], True),
    ],
)
def test_purchases_of_the_last_months_count(days, has):
    assert has_purchased(days, at_least=2, within_months=6, today=TODAY) is has


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (6, Unit.MONTHS, date(2027, 2, 28)),
        (2, Unit.WEEKS, date(2026, 9, 14)),
        (90, Unit.DAYS, date(2026, 11, 29)),
    ],
)
def test_inactivity_is_reached_on_a_day(amount, unit, expected):
    assert inactive_on(TODAY, amount=amount, unit=unit) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("LEARN", "learn"),
        ("  Yes, please", "yes"),
        ("Straße 5", "strasse"),
        ("¿Sí?", "sí"),
        ("…", ""),
        ("", ""),
    ],
)
def test_the_word_of_a_text_message_is_its_first(text, word):
    assert word_of(text) == word
