"""Events, and fields of the company's own, by the import screens."""

from datetime import UTC, datetime

import pytest

from arfollow.exchange.uploads.rules import Kind, State
from arfollow.profiles.queries import events_since, profiles
from tests.factories import books

EVER = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def customer_id(sqlite_desk):
    with books(sqlite_desk.site) as book:
        return book.customer("Ann", number="K-1")


def test_a_foreign_file_of_events_is_read_by_what_somebody_chooses(sqlite_desk, customer_id):
    text = "Kunde;Was;Zeitpunkt;Vorgang;Wo\nK-1;Service arrived;20.11.2026 10:30;S-1;Halle 3\n"
    import_id = sqlite_desk.drop(("Vorgänge.csv", text))
    sqlite_desk.choose(import_id, kind=Kind.EVENTS)
    columns = {"Kunde": "customer", "Was": "event", "Zeitpunkt": "at", "Vorgang": "key", "Wo": "data:wo"}

    shown = sqlite_desk.choose(import_id, columns=columns)
    checked = sqlite_desk.check(import_id)
    done = sqlite_desk.apply(import_id)

    assert "wo = Halle 3" in shown
    assert (checked.state, done.state) == (State.CHECKED, State.DONE)
    with sqlite_desk.site.reading() as session:
        (event,) = events_since(session, customer_ids=[customer_id], since=EVER)[customer_id]
    assert (event.kind, event.key, event.data) == ("service_arrived", "S-1", {"wo": "Halle 3"})


def test_a_column_becomes_a_field_of_the_companys_own(sqlite_desk, customer_id):
    import_id = sqlite_desk.drop(("Kunden.csv", "Kundennr;Firma;Räder (Anzahl)\nK-1;Ann;12\n"))

    shown = sqlite_desk.choose(import_id, columns={"Räder (Anzahl)": "custom:rader_anzahl"})
    checked = sqlite_desk.check(import_id)
    done = sqlite_desk.apply(import_id)

    assert (checked.state, done.state) == (State.CHECKED, State.DONE)
    assert "rader_anzahl = 12" in shown
    with sqlite_desk.site.reading() as session:
        assert profiles(session, customer_ids=[customer_id])[customer_id].fields == {"rader_anzahl": "12"}
