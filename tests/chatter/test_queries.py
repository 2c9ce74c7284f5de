from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from arfollow import clock, database
from arfollow.chatter import queries
from arfollow.chatter.kinds import Kind
from arfollow.chatter.operations import record
from arfollow.chatter.queries import Filters, entries_page, every_entry, find_entry, people
from arfollow.chatter.tables import ChatterPersonal

START = datetime(2026, 11, 1, tzinfo=UTC)
ENTRIES = [
    {"tag": "letter:printed", "text": "Second reminder to Bäckerei Ümit", "facts": {"invoice": "2026-0815"}},
    {"tag": "note:written", "text": "100% paid_soon", "who": "Jan", "customer_id": 8},
    {"tag": "plan:changed", "text": "Plan “Standard” changed", "customer_id": None},
    {"tag": "email:queued", "text": "ÖSTERREICH", "who": "Jan"},
]


@pytest.fixture
def log(session):
    """The four entries, a day apart from START on, and one of company 2."""
    for number, entry in enumerate([*ENTRIES, {"tag": "note:written", "text": "secret", "company_id": 2}]):
        with clock.moved_to(START + timedelta(days=number)):
            record(session, **({"company_id": 1, "customer_id": 7, "who": "Ana"} | entry))
    database.commit(session)
    return session


def found(session, **filters) -> list[int]:
    return [
        entry.sequence for entry in entries_page(session, company_id=1, filters=Filters(**filters)).entries
    ]


@pytest.mark.parametrize(
    ("filters", "sequences"),
    [
        ({}, [4, 3, 2, 1]),
        ({"kind": Kind.NOTES}, [2]),
        ({"customer_id": 7}, [4, 1]),
        ({"since": START + timedelta(days=1)}, [4, 3, 2]),
        ({"until": START + timedelta(days=1)}, [1]),
        ({"since": START + timedelta(days=1), "until": START + timedelta(days=3)}, [3, 2]),
        ({"words": "reminder"}, [1]),
        ({"words": "REMINDER second"}, [1]),
        ({"words": "reminder standard"}, []),
        ({"words": "ümit"}, [1]),
        ({"words": "ÜMIT"}, [1]),
        ({"words": "österreich"}, [4]),
        ({"words": "letter:"}, [1]),
        ({"words": "2026-0815"}, [1]),
        ({"words": "%"}, [2]),
        ({"words": "d_s"}, [2]),
        ({"words": "secret"}, []),
        ({"words": "“standard”", "kind": Kind.CHANGES}, [3]),
    ],
)
def test_filters_find(log, filters, sequences):
    assert found(log, **filters) == sequences


def test_a_person_is_found_by_the_digest_that_stands_for_them(log):
    (jan,) = (person for person in people(log, company_id=1) if person.name == "Jan")

    assert found(log, person=jan.digest) == [4, 2]


def test_pages_follow_one_another(log):
    first = entries_page(log, company_id=1, filters=Filters(), limit=3)
    second = entries_page(log, company_id=1, filters=Filters(), limit=3, before=first.older)

    assert [entry.sequence for entry in first.entries] == [4, 3, 2]
    assert ([entry.sequence for entry in second.entries], second.older) == ([1], None)


def test_every_entry_is_read_over_several_pages(log, monkeypatch):
    monkeypatch.setattr(queries, "_EXPORT_BATCH", 1)

    sequences = [entry.sequence for entry in every_entry(log, company_id=1, filters=Filters())]

    assert sequences == [4, 3, 2, 1]


def test_an_entry_is_read_as_it_was_recorded(log):
    entry = find_entry(log, company_id=1, sequence=1)

    assert (entry.at, entry.who, entry.customer_id) == (START, "Ana", 7)
    assert (entry.facts, entry.personal, entry.documents) == ({"invoice": "2026-0815"}, {}, ())
    assert (entry.kind, entry.action, entry.is_erased) == (Kind.LETTERS, "printed", False)


def test_an_erased_entry_keeps_its_facts_and_who_wrote_it(log):
    database.begin_write(log)
    record(log, company_id=1, customer_id=7, tag="customer:erased", who="Jan", text="Asked for it")
    database.commit(log)
    database.begin_write(log)
    erased = (ChatterPersonal.company_id == 1, ChatterPersonal.sequence == 1)
    log.execute(delete(ChatterPersonal).where(*erased))
    database.commit(log)

    entry = find_entry(log, company_id=1, sequence=1)

    assert (entry.is_erased, entry.text, entry.customer, entry.personal) == (True, "", "", {})
    assert (entry.who, entry.facts) == ("Ana", {"invoice": "2026-0815"})
    assert found(log, words="reminder") == []
