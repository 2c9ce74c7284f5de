from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from arfollow.profiles.operations import (
    UnknownListError,
    add_to_list,
    consent,
    erase_profile,
    facts,
    record_event,
    remove_from_list,
    set_field,
)
from arfollow.profiles.queries import Profile, events_since, profiles
from arfollow.profiles.rules import ProfileError
from tests.factories import TODAY, books

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def customer_id(site):
    with books(site) as book:
        return book.customer(number="C-1")


def write(site, operation, customer_id, **values):
    with site.writing() as session:
        return operation(session, company_id=site.company_id, customer_id=customer_id, who="Ana", **values)


def profile(site, customer_id):
    with site.reading() as session:
        return profiles(session, customer_ids=[customer_id]).get(customer_id)


def test_a_field_is_set_changed_and_taken_away(site, customer_id):
    write(site, set_field, customer_id, name="Lease start", value="1.3.2026")
    set_ = profile(site, customer_id)
    write(site, set_field, customer_id, name="lease_start", value="soon")
    changed = profile(site, customer_id)
    write(site, set_field, customer_id, name="lease_start", value="")

    assert set_.fields == {"lease_start": date(2026, 3, 1)}
    assert changed.fields == {"lease_start": "soon"}
    assert profile(site, customer_id) is None
    assert [text for _, text in site.entries("field")] == [
        "lease_start: – → 2026-03-01",
        "lease_start: 2026-03-01 → soon",
        "lease_start: soon → –",
    ]


def test_the_same_value_again_is_no_change(site, customer_id):
    for _ in range(2):
        write(site, set_field, customer_id, name="colour", value="red")

    assert len(site.entries("field")) == 1


def test_a_customer_is_once_on_a_list(site, customer_id):
    added = [write(site, add_to_list, customer_id, name="Bikes", on=TODAY) for _ in range(2)]
    on_it = profile(site, customer_id).lists
    removed = [write(site, remove_from_list, customer_id, name="Bikes") for _ in range(2)]

    assert (added, on_it, removed) == ([True, False], ("Bikes",), [True, False])
    assert [tag for tag, _ in site.entries("list")] == ["list:added", "list:removed"]


def test_a_list_that_is_none_is_named(site, customer_id):
    with pytest.raises(UnknownListError, match="Boats"):
        write(site, remove_from_list, customer_id, name="Boats")


def test_the_last_word_about_consent_counts(site, customer_id):
    for given in (True, True, False):
        write(site, consent, customer_id, channel="email", given=given, source="form")

    assert profile(site, customer_id).consents == {"email": False}
    assert [tag for tag, _ in site.entries("consent")] == ["consent:given", "consent:withdrawn"]


def test_an_event_told_twice_is_one_and_is_told_on(site, customer_id, monkeypatch):
    told = []
    monkeypatch.setattr(facts, "_listeners", [lambda _session, ids: told.extend(ids)])
    event = {"kind": "appointment booked", "at": NOON, "key": "A-7", "data": {"place": "Hall 3"}}

    new = [write(site, record_event, customer_id, **event) for _ in range(2)]

    assert (new, told) == ([True, False], [customer_id])
    with site.reading() as session:
        (happened,) = events_since(session, customer_ids=[customer_id], since=NOON)[customer_id]
    assert (happened.kind, happened.key, happened.data) == ("appointment_booked", "A-7", {"place": "Hall 3"})


def test_an_instant_is_the_same_in_every_time_zone(site, customer_id):
    instants = (NOON, NOON.astimezone(ZoneInfo("Europe/Berlin")))

    assert [write(site, record_event, customer_id, kind="called", at=at) for at in instants] == [True, False]


def test_a_list_is_found_however_its_name_is_spaced(site, customer_id):
    write(site, add_to_list, customer_id, name=" Autumn  fair ", on=TODAY)

    assert write(site, remove_from_list, customer_id, name=" Autumn  fair ")


@pytest.mark.parametrize(
    ("operation", "values"),
    [
        (set_field, {"name": "1st", "value": "x"}),
        (consent, {"channel": "fax", "given": True, "source": "form"}),
        (record_event, {"kind": "x", "at": NOON, "data": {"deep": {"er": 1}}}),
        (record_event, {"kind": "x", "at": NOON, "key": "x" * 201}),
    ],
)
def test_what_cannot_be_right_is_refused(site, customer_id, operation, values):
    with pytest.raises(ProfileError):
        write(site, operation, customer_id, **values)


def test_what_is_erased_keeps_that_the_customer_objected(site, customer_id):
    write(site, set_field, customer_id, name="colour", value="red")
    write(site, add_to_list, customer_id, name="Bikes", on=TODAY)
    for channel, given in (("email", False), ("sms", True)):
        write(site, consent, customer_id, channel=channel, given=given, source="form")
    with site.writing() as session:
        erase_profile(session, customer_id=customer_id)

    assert profile(site, customer_id) == Profile(consents={"email": False})
