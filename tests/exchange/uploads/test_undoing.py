"""Taking the last import back gives the ledger that was there before, or says in words what depends on it."""

from contextlib import suppress
from threading import Thread
from time import sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from arfollow import clock
from arfollow.chatter.operations import record
from arfollow.companies.tables import Company
from arfollow.database import Table
from arfollow.exchange.files import File
from arfollow.exchange.operations import apply, prepare
from arfollow.exchange.problems import ImportRefusedError
from arfollow.exchange.translating import Reading
from arfollow.exchange.undoing import NotUndoneError, undo_import
from arfollow.exchange.uploads.rules import State
from arfollow.followup.tables import CustomerState, ListAmount, ListDue, ListFigure, ListRow
from arfollow.profiles.tables import CustomerEvent, CustomerField
from arfollow.receivables.operations.allocations import apply_credit
from arfollow.receivables.tables import (
    Allocation,
    Credit,
    Customer,
    Instalment,
    Invoice,
    LedgerImport,
)
from tests.factories import TODAY, standing_still
from tests.followup.desks import words_of

HEAD = "invoice,customer,date,due_date,currency,amount\n"
CUSTOMERS = "customer,name,parent\nK-1,Ann,\nK-2,Bob,K-1\n"
INVOICES = HEAD + "R-1,K-1,2026-10-01,2026-10-31,EUR,100.00\nR-2,K-2,2026-10-01,2026-10-31,EUR,50.00\n"
PAYMENTS = "payment,customer,date,currency,amount,invoice\n"
LEDGER = (Customer, Invoice, Instalment, Credit, Allocation, CustomerField, CustomerEvent)
LIST = (ListRow, ListAmount, ListFigure, ListDue, CustomerState)


def rows(site, tables) -> dict[str, list]:
    """What stands in these tables; figures that count nobody are none."""
    with site.reading() as session:
        return {table.__tablename__: sorted(map(repr, _rows(session, table))) for table in tables}


def _rows(session, table: type[Table]) -> list:
    found = session.execute(select(*table.__table__.columns)).mappings().all()
    return [dict(row) for row in found if row.get("customers", 1) and row.get("items", 1)]


def imported(desk, *texts, **values) -> int:
    """Import the files through the screens; gives the import's id in the history."""
    import_id = desk.drop(*((f"{number}.csv", text) for number, text in enumerate(texts, 1)))
    if values:
        desk.choose(import_id, kind="open-items")
    checked = desk.check(import_id, **values)
    assert checked.state == State.CHECKED, (checked.refusal, desk.shown(import_id))
    done = desk.apply(import_id)
    assert done.ledger_import_id is not None
    return done.ledger_import_id


def undone(desk, ledger_import_id):
    """Click Undo, and have the worker do it."""
    answer = desk.post(f"/imports/history/{ledger_import_id}/undo")
    assert answer.status_code == 303, answer.text
    return desk.worked(int(answer.location.rpartition("/")[2]))


def test_the_first_import_leaves_nothing_behind(desk):
    empty = rows(desk.site, (*LEDGER, *LIST))

    done = undone(desk, imported(desk, CUSTOMERS, INVOICES))

    assert done.state == State.DONE
    assert rows(desk.site, (*LEDGER, *LIST)) == empty
    assert "undone" in desk.visitor.get("/imports").text
    assert [tag for tag, _ in desk.site.entries("ledger")] == ["ledger:imported", "ledger:import-undone"]


@pytest.mark.parametrize(
    "texts",
    [
        (PAYMENTS + "P-1,K-1,2026-11-02,EUR,40.00,R-1\n",),
        (PAYMENTS + "P-1,K-1,2026-11-02,EUR,140.00,R-1\n", HEAD + "R-3,K-2,2026-10-01,2026-10-31,EUR,9.00\n"),
        (HEAD + "R-1,K-1,2026-10-02,2026-11-05,EUR,120.00\n",),
        ("customer,name,email,parent\nK-2,Robert,bob@example.com,\nK-3,Cy,,K-2\n",),
        (
            "customer,name,custom:bikes,custom:lease start\nK-2,Bob,4,2026-03-31\nK-3,Cy,,\nK-4,Di,1,\n",
            "customer,event,at,key\nK-1,seen,2026-11-20,a\nK-4,seen,2026-11-20,a\n",
        ),
    ],
)
def test_a_later_import_is_as_if_it_had_not_been(desk, texts):
    imported(desk, CUSTOMERS, INVOICES)
    before = rows(desk.site, (*LEDGER, *LIST))

    done = undone(desk, imported(desk, *texts))

    assert done.state == State.DONE, done.refusal
    assert rows(desk.site, (*LEDGER, *LIST)) == before


def test_a_list_of_open_items_is_as_if_it_had_not_been(desk):
    imported(desk, CUSTOMERS, INVOICES)
    before = rows(desk.site, (*LEDGER, *LIST, Company))

    done = undone(
        desk,
        imported(
            desk, HEAD + "R-1,K-1,2026-10-01,2026-10-31,EUR,60.00\n", as_of="2026-11-20", confirmed="on"
        ),
    )

    assert done.state == State.DONE, done.refusal
    assert rows(desk.site, (*LEDGER, *LIST, Company)) == before


def test_after_an_undo_the_import_before_it_can_be_undone(desk):
    first = imported(desk, CUSTOMERS, INVOICES)
    second = imported(desk, HEAD + "R-3,K-1,2026-10-01,2026-10-31,EUR,9.00\n")

    too_early = desk.post(f"/imports/history/{first}/undo")
    undone(desk, second)
    done = undone(desk, first)

    assert too_early.status_code == 409
    assert done.state == State.DONE
    assert rows(desk.site, [Customer]) == {"customers": []}


def test_the_one_that_can_be_undone_says_so_on_its_page_and_in_the_history(sqlite_desk):
    imported(sqlite_desk, CUSTOMERS, INVOICES)
    imported(
        sqlite_desk,
        HEAD + "R-2,K-2,2026-10-01,2026-10-31,EUR,40.00\nR-3,K-1,2026-10-01,2026-10-31,EUR,9.00\n",
    )

    first, second, history = (
        words_of(sqlite_desk.visitor.get(f"/imports{path}").text) for path in ("/1", "/2", "")
    )

    taken = "Undoing removes: Invoices 1. Undoing puts back as before: Invoices 1. The open amount changes by EUR 1.00."
    assert "Undo this import" not in first
    assert "Undo this import" in second
    assert taken in second
    assert history.count("Undo this import") == 1
    assert taken in history


def test_the_same_files_can_be_imported_again_after_an_undo(desk):
    undone(desk, imported(desk, CUSTOMERS, INVOICES))

    again = imported(desk, CUSTOMERS, INVOICES)
    done = undone(desk, again)

    assert done.state == State.DONE, done.refusal


def test_an_import_that_somebody_has_worked_with_stays(desk):
    ledger_import_id = imported(desk, CUSTOMERS, INVOICES)
    with standing_still(TODAY), desk.site.writing() as session:
        customer_id = session.scalars(select(Customer.id).where(Customer.number == "K-1")).one()
        for tag in ("promise:made", "note:written"):
            record(
                session,
                company_id=desk.site.company_id,
                customer_id=customer_id,
                tag=tag,
                who="Ana",
                text="!",
            )
    before = rows(desk.site, LEDGER)

    done = undone(desk, ledger_import_id)

    assert done.state == State.REFUSED
    assert "with customer K-1: a promise (1), a note (1)" in done.refusal
    assert rows(desk.site, LEDGER) == before


def test_an_import_whose_payment_was_applied_by_hand_stays(desk):
    imported(desk, CUSTOMERS, INVOICES)
    last = imported(desk, PAYMENTS + "P-1,K-1,2026-11-02,EUR,40.00,\n")
    with standing_still(TODAY), desk.site.writing() as session:
        credit_id = session.scalars(select(Credit.id)).one()
        item = session.scalars(select(Instalment.id).order_by(Instalment.id)).first()
        apply_credit(
            session,
            company_id=desk.site.company_id,
            credit_id=credit_id,
            instalment_ids=[item],
            on=TODAY,
            who="Ana",
        )

    done = undone(desk, last)

    assert done.state == State.REFUSED
    assert "with customer K-1: a credit applied or changed (1)" in done.refusal


def test_an_import_older_than_its_records_stays(ledger):
    ledger.session.add(
        LedgerImport(company_id=1, at=clock.now(), by="Ana", kind="ledger", summary="customers: 1")
    )
    ledger.commit()

    with pytest.raises(NotUndoneError, match="before imports kept what is needed"):
        undo_import(ledger.session, company_id=1, ledger_import_id=1, who="Ana")


def test_no_import_but_the_last_is_undone(ledger):
    with pytest.raises(NotUndoneError, match="not the last import any more"):
        undo_import(ledger.session, company_id=1, ledger_import_id=1, who="Ana")


def test_an_import_that_was_waited_for_is_the_last_one(desk):
    first, site, refused = imported(desk, CUSTOMERS, INVOICES), desk.site, []
    prepared = prepare([File(name="more.csv", content=b"customer,name\nK-9,Zoe\n")], Reading())

    def undo():
        with site.writing() as session, suppress(NotUndoneError):
            undo_import(session, company_id=site.company_id, ledger_import_id=first, who="Ana")
            refused.append(False)
            return
        refused.append(True)

    other = Thread(target=undo)
    with site.writing() as session:
        apply(session, company_id=site.company_id, prepared=prepared, today=TODAY, who="Bob")
        other.start()
        sleep(0.5)
    other.join()

    assert refused == [True]


_amounts = st.integers(1, 300)
_invoice = st.tuples(st.sampled_from("ABC"), st.sampled_from("12"), _amounts)
_payment = st.tuples(st.sampled_from("XYZ"), _amounts, st.sampled_from("ABC"))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(_invoice, min_size=1, max_size=3, unique_by=lambda each: each[0]),
    st.lists(_payment, max_size=3, unique_by=lambda each: each[0]),
)
def test_whatever_was_imported_is_taken_back(importer, invoices, payments):
    importer("customer,name\nK1,Ann\nK2,Bob\n")
    importer(HEAD + "A,K1,2026-10-01,2026-10-31,EUR,100.00\n")
    session = importer.ledger.session
    before = {table.__tablename__: sorted(map(repr, _rows(session, table))) for table in LEDGER}
    texts = [
        HEAD
        + "".join(f"{number},K{who},2026-10-01,2026-10-31,EUR,{amount}\n" for number, who, amount in invoices)
    ]
    if payments:
        owner = {"A": "1"} | {number: who for number, who, _ in invoices}
        texts.append(
            PAYMENTS
            + "".join(
                f"{number},K{owner[item]},2026-11-01,EUR,{amount},{item}\n"
                for number, amount, item in payments
                if item in owner
            )
        )

    try:
        report = importer(*texts)
    except ImportRefusedError:
        session.rollback()
        return
    if report.import_id is not None:
        undo_import(session, company_id=1, ledger_import_id=report.import_id, who="Ana")
        importer.ledger.commit()

    assert {table.__tablename__: sorted(map(repr, _rows(session, table))) for table in LEDGER} == before
