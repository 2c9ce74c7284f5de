from datetime import date, time

import pytest

from arfollow.workflows.rules.definition import Trigger
from arfollow.workflows.rules.triggers import (
    begins_at,
    event_of,
    has_purchased,
    inactive_on,
    is_meant,
    word_of,
)
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


def trigger(kind, **settings):
    return Trigger(kind=kind, settings=settings)


@pytest.mark.parametrize(
    ("asked", "told", "meant"),
    [
        (trigger("event", event="sold"), {}, True),
        (trigger("event", event="booked", key="appointment"), {"appointment": "A"}, True),
        # Of which appointment? Nobody can tell.
        (trigger("event", event="booked", key="appointment"), {"place": "Hall 3"}, False),
        (trigger("word", word="Learn"), {"text": "learn, please", "number": "+49301"}, True),
        (trigger("word", word="learn"), {"text": "I learn"}, False),
        (trigger("word", word="learn", number="+49301"), {"word": "learn", "number": "+49302"}, False),
        (trigger("word", word="learn", number="+49301"), {"word": "learn", "number": "+49301"}, True),
    ],
)
def test_an_event_is_meant_when_it_tells_what_is_asked_for(asked, told, meant):
    assert is_meant(asked, told) is meant


@pytest.mark.parametrize(
    ("asked", "event", "at"),
    [
        (trigger("event", event="sold"), "sold", None),
        (trigger("word", word="learn"), "message_received", None),
        (trigger("due", days=1), "", time(9)),
        (trigger("date", field="field.x", at="17:00"), "", time(17)),
        (trigger("inactivity", amount=6), "", time(9)),
        (trigger("listed"), "", None),
    ],
)
def test_a_trigger_waits_for_an_event_or_begins_at_a_time(asked, event, at):
    assert (event_of(asked), begins_at(asked)) == (event, at)
