"""events.csv: what happened to customers, each once."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from arfollow.chatter.erasure import Subject
from arfollow.exchange import event_entering, staging
from arfollow.exchange.erasing import without_customer
from arfollow.exchange.undoing import NotUndoneError, undo_import
from arfollow.profiles.operations import facts as operations
from arfollow.profiles.operations import record_event
from arfollow.profiles.queries import events_since
from arfollow.profiles.tables import CustomerEvent

HEAD = "customer,event,at,key,data\n"
EVER = datetime(2000, 1, 1, tzinfo=UTC)


def events(importer, customer="C-1"):
    importer.ledger.session.expire_all()
    id_ = importer.id(customer)
    return events_since(importer.ledger.session, customer_ids=[id_], since=EVER).get(id_, [])


def test_an_event_is_kept_with_its_instant_and_what_it_carries(known):
    report = known(f'{HEAD}C-1,Service arrived,2026-07-01 10:30,S-1,"{{""order"": ""A-77""}}"\n')

    (event,) = events(known)
    assert (event.kind, event.key, event.data) == ("service_arrived", "S-1", {"order": "A-77"})
    assert event.at == datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert str(report.counts[0]) == "events: 1 new, 0 changed, 0 unchanged"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("01.07.2026 9:05", datetime(2026, 7, 1, 7, 5, tzinfo=UTC)),
        ("31/07/2026 09:05:07", datetime(2026, 7, 31, 7, 5, 7, tzinfo=UTC)),
        ("2026-07-01T09:05:00Z", datetime(2026, 7, 1, 9, 5, tzinfo=UTC)),
        ("2026-07-01T09:05+02:00", datetime(2026, 7, 1, 7, 5, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_however_it_is_written(known, text, instant):
    known(f"{HEAD}C-1,seen,{text},,\n", date_order=None if text[:2] in ("20", "31") else "dmy")

    assert [event.at for event in events(known)] == [instant]


def test_columns_of_data_are_carried_too(known):
    known(
        "customer,event,at,data:Place,data:seats,data:code,data:from,data\n"
        'C-1,booked,2026-07-01,Köln,2,007,2026-07-31,"{""paid"": true}"\n'
        "C-1,booked,2026-07-02,,,,,\n"
    )

    first, second = events(known)
    assert first.data == {"place": "Köln", "seats": 2, "code": "007", "from": "2026-07-31", "paid": True}
    assert second.data == {}


def test_every_problem_is_told_with_its_row_and_field(known):
    problems = known.problems(
        f'{HEAD}C-1,9,2026-07-01,,\nC-1,seen,soon,,\nC-1,seen,,,\nC-9,seen,2026-07-01,,\nC-1,seen,2026-07-01,,"{{1"\n'
        f"C-1,seen,2026-07-01,{'k' * 201},\n,seen,2026-07-01 25:00,,\n"
    )

    assert [problem.partition(": ")[0] for problem in problems] == [
        "1.csv, row 2, event",
        "1.csv, row 3, at",
        "1.csv, row 4, at",
        "1.csv, row 5, customer",
        "1.csv, row 6, data",
        "1.csv, row 7, key",
        "1.csv, row 8, customer",
        "1.csv, row 8, at",
    ]
    assert events(known) == []


def test_events_come_with_their_customers_in_one_import(importer):
    importer("customer,name\nC-7,Seven\n", f"{HEAD}C-7,seen,2026-07-01,,\n")

    assert [event.kind for event in events(importer, "C-7")] == ["seen"]


def test_an_event_that_is_known_from_elsewhere_is_not_entered_again(known):
    session = known.ledger.session
    record_event(
        session, company_id=1, customer_id=known.id("C-1"), kind="seen", key="S-1", at=EVER, who="Ana"
    )

    report = known(f"{HEAD}C-1,seen,2026-07-01,S-1,\n")

    assert (report.is_new, [event.at for event in events(known)]) == (False, [EVER])


def test_whoever_listens_is_told_of_each_customer_once(known, monkeypatch):
    told = []
    monkeypatch.setattr(operations, "_listeners", [lambda _session, ids: told.append(list(ids))])

    known(HEAD + "".join(f"C-{1 + index % 2},seen,2026-07-01,{index},\n" for index in range(20)))

    assert told == [[known.id("C-1"), known.id("C-2")]]


def test_rows_are_entered_some_at_a_time(known, monkeypatch):
    monkeypatch.setattr(staging, "BATCH", 7)
    known(HEAD + "".join(f"C-1,seen,2026-07-01,{index},\n" for index in range(50)))

    assert len(events(known)) == 50


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["C-1", "C-2"]),
        st.sampled_from(["seen", "booked"]),
        st.integers(0, 3).map(lambda days: f"2026-07-0{1 + days}"),
        st.sampled_from(["", "a", "b"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=ROWS)
def test_the_same_file_twice_is_the_file_once(known, rows):
    text = HEAD + "".join(f"{','.join(row)},\n" for row in rows)

    known(text)
    once = everything(known)
    again = known(text)

    assert not again.is_new
    assert everything(known) == once


def everything(importer):
    return importer.ledger.session.execute(
        select(CustomerEvent.customer_id, CustomerEvent.kind, CustomerEvent.key).order_by(CustomerEvent.id)
    ).all()


def test_an_import_is_taken_back(known):
    before = known(f"{HEAD}C-1,seen,2026-07-01,a,\n")
    report = known(
        "customer,name,custom:bikes\nC-1,Bäckerei Ümit,12\nC-8,Eight,3\n",
        f"{HEAD}C-1,seen,2026-07-01,b,\nC-8,seen,2026-07-01,c,\n",
    )
    assert before.import_id != report.import_id

    undo(known, report)

    assert [event.key for event in events(known)] == ["a"]
    assert known.find("C-8") is None


def test_an_import_whose_events_somebody_worked_on_stays(known):
    report = known(f"{HEAD}C-1,seen,2026-07-01,b,\n")
    record_event(
        known.ledger.session, company_id=1, customer_id=known.id("C-1"), kind="x", at=EVER, who="Ana"
    )
    known.ledger.commit()

    with pytest.raises(NotUndoneError, match="an event"):
        undo(known, report)


def undo(importer, report):
    undo_import(importer.ledger.session, company_id=1, ledger_import_id=report.import_id, who="Ana")
    importer.ledger.commit()


def test_an_erased_customers_events_go_from_the_imports_document(known):
    known(f'{HEAD}C-1,seen,2026-07-01,b,"{{""text"": ""secret""}}"\nC-2,seen,2026-07-01,b,\n')

    kept = without_customer(known.documents()[-1].encode(), Subject(number="C-1", texts=()))

    assert b"secret" not in kept
    assert [change["after"]["data"] for change in json.loads(kept)["changes"]] == [{}, {}]
    assert event_entering.EVENT in json.loads(kept)["changes"][0]
