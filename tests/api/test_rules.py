import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arfollow.api.rules import MOST_EVENTS, RequestError, is_signed, read_events, secret_of, signature

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
STAMP = str(int(NOW.timestamp()))


@given(st.text(max_size=20), st.text(max_size=20), st.binary(max_size=50))
def test_a_signature_is_right_for_its_secret_time_and_body(secret, other, body):
    given_ = signature(secret, STAMP, body)

    assert is_signed(secret=secret, timestamp=STAMP, body=body, given=given_, now=NOW)
    assert not is_signed(secret=secret, timestamp=STAMP, body=body + b"x", given=given_, now=NOW)
    if secret.rstrip("\0") != other.rstrip("\0"):
        assert not is_signed(secret=other, timestamp=STAMP, body=body, given=given_, now=NOW)


@pytest.mark.parametrize(
    ("seconds", "is_taken"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)]
)
def test_a_request_is_taken_for_five_minutes_before_and_after(seconds, is_taken):
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))

    signed = is_signed(secret="s", timestamp=stamp, body=b"{}", given=signature("s", stamp, b"{}"), now=NOW)

    assert signed is is_taken


@pytest.mark.parametrize("stamp", ["", "soon", "1e9", "-5", "٣", "9" * 400])
def test_a_time_that_is_none_is_refused(stamp):
    assert not is_signed(secret="s", timestamp=stamp, body=b"", given=signature("s", stamp, b""), now=NOW)


def test_a_secret_needs_both_the_nonce_and_the_installations_secret():
    secrets = {secret_of(key, nonce) for key in ("a", "b") for nonce in ("1", "2")}

    assert len(secrets) == 4
    assert all(len(each) >= 43 for each in secrets)


def test_an_event_is_read():
    told = {"customer": "C-1", "event": "Seen", "at": "2026-07-01T10:00", "key": "k", "data": {"n": 1}}

    (event,), problems = read_events(json.dumps({"events": [told]}).encode(), BERLIN)

    assert (event.customer, event.kind, event.key, event.data, problems) == ("C-1", "seen", "k", {"n": 1}, [])
    assert event.at == datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"customer": ""}, "customer"),
        ({"customer": 5}, "customer"),
        ({"event": "9"}, "event"),
        ({"at": "soon"}, "at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"at": "0001-01-01T00:00:00Z"}, "at"),
        ({"at": "9999-12-31T23:59:59Z"}, "at"),
        ({"key": 5}, "key"),
        ({"key": "k" * 201}, "key"),
        ({"data": []}, "data"),
        ({"data": {"a": {}}}, "data"),
        ({"data": {"a": "x" * 10_000}}, "data"),
        ({"customer": "C\0"}, "customer"),
        ({"customer": "C\ud800"}, "customer"),
        ({"key": "k\0"}, "key"),
        ({"key": "k\udfff"}, "key"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_wrong_is_told_with_its_index_and_field(changed, field):
    good = {"customer": "C-1", "event": "seen", "at": "2026-07-01"}

    events, problems = read_events(json.dumps({"events": [good, {**good, **changed}]}).encode(), BERLIN)

    assert [each.index for each in events] == [0]
    assert [(each.index, each.field) for each in problems] == [(1, field)]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"[]",
        b"{}",
        b'{"events": {}}',
        b"\xff",
        b"[" * 100_000,
        b'{"events": [' + b"1," * MOST_EVENTS + b"1]}",
    ],
)
def test_a_body_that_is_no_list_of_events_is_refused(body):
    with pytest.raises(RequestError):
        read_events(body, BERLIN)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["customer", "event", "at", "key", "data", "x"]), inner)
        ),
    )
)
def test_whatever_is_sent_is_read_or_refused(told):
    events, problems = read_events(json.dumps({"events": [told]}).encode(), BERLIN)

    assert bool(events) is not bool(problems)
