from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.profiles.queries.card import EventLine
from arfollow.profiles.rules import MOST_DATA, ProfileError, event_data, field_name

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", {}),
        ('{"place": "Hall 3", "seats": 2, "paid": true}', {"place": "Hall 3", "seats": 2, "paid": True}),
    ],
)
def test_an_event_carries_plain_names_and_values(text, data):
    assert event_data(text) == data


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"a": 1.5}',
        '{"a": null}',
        '{"a": {}}',
        '{"a": [1]}',
        '{"": 1}',
        "[" * 5000,
        '{"a": 1}' + " " * MOST_DATA,
    ],
)
def test_what_an_event_cannot_carry_is_refused(text):
    with pytest.raises(ProfileError):
        event_data(text)


def test_an_event_carries_several_choices_as_a_list():
    assert event_data('{"interests": ["bikes", "tents"]}') == {"interests": ["bikes", "tents"]}


@given(st.text(max_size=50))
def test_a_name_that_was_cleaned_is_clean(text):
    try:
        name = field_name(text)
    except ProfileError:
        return

    assert field_name(name) == name


@pytest.mark.parametrize(
    ("key", "shown"), [("A-7", "A-7"), ("link:4:c9", ""), (NOON.isoformat(), ""), ("link: a", "link: a")]
)
def test_a_key_that_the_program_made_is_not_shown(key, shown):
    assert EventLine(id=1, kind="confirmed", at=NOON, key=key, of="", data={}).own_key == shown
