"""A customer is erased: nothing of it is in any column of any table, and both verifiers find the log whole."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import JSON, LargeBinary, String, Text, select, update
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.access import Role
from arfollow.chatter.documents import store
from arfollow.chatter.export import export
from arfollow.chatter.operations import record
from arfollow.chatter.tables import StoredDocument
from arfollow.chatter.verification import verify
from arfollow.chatter.verifier import Bundle, Check
from arfollow.cli import main
from arfollow.database import Explanation, Table
from arfollow.delivery.operations import enqueue
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.exchange.files import File
from arfollow.exchange.operations import apply, prepare
from arfollow.exchange.translating import Reading
from arfollow.followup.operations.erasing import (
    LeavingNowError,
    Plan,
    StillOpenError,
    WrongWordsError,
    erase,
    plan,
)
from arfollow.followup.operations.reminding import write_note
from arfollow.receivables.operations.customers import ContactFields, save_contact
from arfollow.receivables.operations.disputes import open_dispute, resolve_dispute
from arfollow.receivables.operations.holds import set_hold
from arfollow.receivables.operations.lookup import MissingTextError
from arfollow.receivables.tables import Customer, Instalment, Invoice
from tests.factories import TODAY, Books, books, standing_still

SECRET = "Quittenbrot"
CUSTOMERS = f"""customer,name,email,phone,street,city,postal_code,country,language,currency,vat
S-1,{SECRET} Name,{SECRET}@mail.example,0049 {SECRET},{SECRET}gasse 1,{SECRET}stadt,{SECRET[:8]},DE,de,EUR,DE{SECRET[:7]}
K-1,Kept GmbH,kept@mail.example,0049 1,Keptgasse 1,Keptstadt,12345,DE,de,EUR,
"""
INVOICES = f"""invoice,instalment,customer,kind,date,due_date,currency,amount,reference
S-R1,1,S-1,invoice,2026-09-01,2026-10-01,EUR,100.00,{SECRET} order
K-R1,1,K-1,invoice,2026-09-01,2026-10-01,EUR,100.00,Kept order
"""
LETTER, SHARED = f"%PDF {SECRET}".encode(), b"%PDF terms for all"


@pytest.fixture
def customer(site) -> int:
    """A customer of an import, with something written in every place that there is; its invoice is paid."""
    with books(site) as opened:
        files = [
            File(name=name, content=content.encode())
            for name, content in (("customers.csv", CUSTOMERS), ("invoices.csv", INVOICES))
        ]
        apply(
            opened.session,
            company_id=opened.company_id,
            prepared=prepare(files, Reading()),
            today=TODAY,
            who="Ana",
        )
        customer_id = id_of(opened.session, "S-1")
        _write_everything(opened, customer_id)
    return customer_id


def _write_everything(opened: Books, customer_id: int) -> None:
    session, of = opened.session, {"company_id": opened.company_id, "customer_id": customer_id}
    item = session.scalars(select(Instalment.id).where(Instalment.customer_id == customer_id)).one()
    contact = ContactFields(
        kind="dunning", name=f"Mr {SECRET}", email=f"mr@{SECRET.lower()}.example", phone=SECRET
    )
    save_contact(session, **of, contact=contact, who="Ana")
    set_hold(session, **of, reason=f"{SECRET} asked", on=TODAY - timedelta(days=2), until=TODAY, who="Ana")
    dispute = open_dispute(session, **of, instalment_id=item, reason=f"{SECRET} broken", on=TODAY, who="Ana")
    resolve_dispute(
        session,
        company_id=opened.company_id,
        customer_id=customer_id,
        dispute_id=dispute,
        outcome=f"{SECRET} agreed",
        on=TODAY,
        who="Ana",
    )
    write_note(session, opened.click(customer_id), text=f"{SECRET} called")
    opened.task(customer_id)
    session.execute(update(Table.metadata.tables["tasks"]).values(title=f"Call {SECRET}"))
    letter = store(session, media_type="application/pdf", content=LETTER)
    shared = store(session, media_type="application/pdf", content=SHARED)
    record(session, **of, tag="letter:printed", who="Ana", text=f"To {SECRET}", documents=[letter, shared])
    other = {**of, "customer_id": id_of(session, "K-1")}
    record(session, **other, tag="letter:printed", who="Ana", text="To Kept", documents=[shared])
    delivery_id = enqueue(
        session,
        **of,
        key="test",
        purpose="test",
        channel="email",
        facts={"number": 1},
        queued_by="Ana",
        recipient=f"{SECRET}@mail.example",
    )
    session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(
            state=State.SENT,
            explanation=f"250 {SECRET}",
            outgoing={"subject": SECRET, "facts": {}, "files": [["letter.pdf", "application/pdf", letter]]},
        )
    )
    opened.payment(customer_id, "100.00")
    opened.promise(customer_id, item, "1.00", made=1, due=-5)
    for table, values in (
        ("credits", {"reference": f"From {SECRET}"}),
        ("promises", {"note": f"{SECRET} said"}),
    ):
        session.execute(update(Table.metadata.tables[table]).values(values))


def id_of(session: Session, number: str) -> int:
    return session.execute(select(Customer.id).where(Customer.number == number)).scalar_one()


@pytest.fixture
def erasing(site, customer) -> Callable[..., Plan]:
    """Erases the customer as `changes` say."""

    def run(**changes: Any) -> Plan:
        with standing_still(), site.writing() as session:
            given = {
                "reason": "Asked for it",
                "words": "erase S-1 all the same",
                "who": "Adam",
                "today": TODAY,
            }
            return erase(session, company_id=site.company_id, customer_id=customer, **(given | changes))

    return run


def leftovers(session: Session, secret: str) -> list[str]:
    """Every column of every table in which the secret is found."""
    found = []
    for table in Table.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Explanation | String | Text | JSON | LargeBinary):
                values = session.execute(select(column)).scalars().all()
                texts = [
                    value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    for value in values
                ]
                found += [f"{table.name}.{column.name}"] * any(
                    secret.lower() in text.lower() for text in texts
                )
    return found


def test_before_it_is_in_every_place_that_is_tried(site, customer):
    with site.reading() as session:
        found = set(leftovers(session, SECRET))

    assert found >= {
        "chatter_personal.customer",
        "chatter_personal.text",
        "chatter_personal.data",
        "contacts.name",
        "contacts.email",
        "credits.reference",
        "customers.name",
        "customers.street",
        "deliveries.recipient",
        "deliveries.explanation",
        "deliveries.outgoing",
        "disputes.reason",
        "disputes.outcome",
        "documents.content",
        "holds.reason",
        "invoices.reference",
        "list_rows.name",
        "list_rows.name_key",
        "promises.note",
        "tasks.title",
    }


def test_afterwards_no_column_of_any_table_holds_it(site, erasing):
    erasing()

    with site.reading() as session:
        assert leftovers(session, SECRET) == []
        assert leftovers(session, "Kept GmbH")


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
def test_afterwards_no_byte_of_the_file_holds_it(site, erasing, tmp_path):
    files = [tmp_path / "arfollow.sqlite3", tmp_path / "arfollow.sqlite3-wal"]
    before = b"".join(file.read_bytes() for file in files)
    erasing()

    with site.reading() as session:
        database.checkpoint(session)
    after = b"".join(file.read_bytes() for file in files)

    assert SECRET.encode() in before
    assert (SECRET.encode() in after, SECRET.lower().encode() in after) == (False, False)


def test_both_verifiers_say_that_it_was_erased_by_that_entry(site, erasing, customer, tmp_path):
    erasing()

    with site.reading() as session:
        report = verify(session, company_id=site.company_id)
        export(session, company_id=site.company_id, company_name="ACME", path=tmp_path / "log")
    check = Check(Bundle(tmp_path / "log"), {})
    check.run()

    assert (report.problems, check.found, check.other) == ([], [], [])
    assert report.erased == check.erased
    assert len(set(report.erased.values())) == 1
    assert [tag for tag, _ in site.entries("customer")][-1] == "customer:erased"


def test_what_another_customer_has_as_well_is_kept(site, erasing):
    done = erasing()

    with site.reading() as session:
        contents = session.scalars(select(StoredDocument.content)).all()
    assert done.kept == 1
    assert SHARED in contents
    assert LETTER not in contents


def test_the_record_of_an_import_keeps_its_amounts_and_the_others(site, erasing):
    erasing()

    with site.reading() as session:
        (content,) = session.scalars(
            select(StoredDocument.content).where(
                StoredDocument.media_type == "application/json", StoredDocument.content.is_not(None)
            )
        )
    changes = json.loads(content)["changes"]
    names = [change["after"]["name"] for change in changes if "name" in change["after"]]
    assert names == ["", "Kept GmbH"]
    assert sum("amount" in change["after"] for change in changes) == 2


def test_its_number_and_its_money_stay(site, erasing, customer):
    erasing()

    with site.reading() as session:
        row = session.get(Customer, customer)
        assert (row.number, row.name) == ("S-1", "Erased")
        assert session.scalar(select(Invoice.number).where(Invoice.customer_id == customer)) == "S-R1"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"words": ""}, StillOpenError),
        ({"words": "erase S-1"}, StillOpenError),
        ({"words": "erase S-2 all the same"}, StillOpenError),
        ({"reason": " "}, MissingTextError),
    ],
)
def test_while_money_is_open_it_needs_the_words_and_a_reason(changes, error, erasing, site):
    with pytest.raises(error):
        erasing(**changes)

    with site.reading() as session:
        assert leftovers(session, SECRET)


def test_a_customer_that_owes_nothing_needs_fewer_words(site):
    with books(site) as opened:
        customer_id = opened.customer(number="N-1")
        of = {"company_id": opened.company_id, "customer_id": customer_id}
        asked = {"reason": "Asked", "who": "Adam", "today": TODAY}

        with pytest.raises(WrongWordsError):
            erase(opened.session, **of, words="erase N-2", **asked)
        erase(opened.session, **of, words="erase N-1", **asked)

        assert not plan(opened.session, **of, day=TODAY).is_hindered


@pytest.mark.parametrize(("state", "after"), [(State.QUEUED, "cancelled"), (State.SENDING, None)])
def test_a_message_on_its_way_is_cancelled_or_waited_for(state, after, site, customer, erasing):
    with site.writing() as session:
        session.execute(update(Delivery).values(state=state))

    if after is None:
        with pytest.raises(LeavingNowError):
            erasing()
        return
    erasing()

    with site.reading() as session:
        assert session.scalar(select(Delivery.state)) == after
        assert leftovers(session, SECRET) == []


def test_it_can_be_erased_again_when_the_ledger_brought_it_back(site, customer, erasing):
    erasing()
    with books(site) as opened:
        write_note(opened.session, opened.click(customer), text=f"{SECRET} again")

    erasing()

    with site.reading() as session:
        assert leftovers(session, SECRET) == []
        report = verify(session, company_id=site.company_id)
    assert report.problems == []
    assert len(set(report.erased.values())) == 2


# What no column of a customer may hold is decided once for each: a new column fails here until it is.
HOLDS_NOTHING_PERSONAL = {
    "bulk_run_rows": "sends remains claimed state why explanation",
    # That somebody objected is kept, whoever it was.
    "consents": "channel",
    "chatter_entries": "chain previous_hash hash at tag thread who personal facts",
    "contacts": "",
    "credits": "kind number currency origin",
    "customer_states": "last_contact_kind other_message_of",
    "deliveries": "key purpose channel state facts message_id queued_by",
    "follow_ups": "reason done_by before",
    "invoices": "number currency",
    "list_amounts": "currency status dues",
    "list_rows": "status reason actions",
    "promises": "currency",
    "recorded_actions": "kind recorded_by document",
    "survey_answers": "step",
    "tasks": "state",
    "workflow_enrolments": "key reason",
    "workflow_step_runs": "step kind result",
    "workflow_turns": "step outcome",
}
ERASED = {
    "consents": "source",
    "contacts": "kind name email phone phone_number street city postal_code country",
    "customer_events": "kind key of data",
    "customer_fields": "name value",
    "credits": "reference",
    "deliveries": "recipient explanation outgoing reference",
    "disputes": "reason outcome",
    "holds": "reason",
    "invoices": "reference",
    "list_rows": "name name_key",
    "promises": "note",
    "received_texts": "reference sender recipient text settled_by",
    "signed_links": "page about nonce digest",
    "survey_answers": "answers",
    "tasks": "title text outcome",
    "workflow_positions": "step ran took",
    "workflow_step_runs": "explanation",
    "workflow_turns": "facts",
}


def test_it_is_decided_of_every_column_of_a_customer_whether_it_goes():
    undecided = [
        f"{table.name}.{column.name}"
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if "customer_id" in table.columns
        and isinstance(column.type, Explanation | String | Text | JSON | LargeBinary)
        and column.name
        not in f"{HOLDS_NOTHING_PERSONAL.get(table.name, '')} {ERASED.get(table.name, '')}".split()
    ]

    assert undecided == []


@pytest.fixture
def run(site, customer, settings, monkeypatch):
    """Runs `arfollow customers erase S-1` over the site's database, with these words and the usual reason."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(settings.data_dir))
    of = ["customers", "erase", "S-1", "--reason", "Asked for it"]
    return lambda *words: CliRunner().invoke(main, [*of, *words])


def test_the_command_says_what_would_go_and_erases_by_the_words_that_it_asked_for(run, site):
    asked = run()
    wrong = run("--words", "erase S-1")
    done = run("--words", "erase S-1 all the same")

    assert (asked.exit_code, wrong.exit_code, done.exit_code) == (0, 2, 0)
    assert 'To erase it, add: --words "erase S-1 all the same"' in asked.stdout
    assert "Still open: EUR" in asked.stdout
    assert "S-1 is erased" in done.stdout
    with site.reading() as session:
        assert leftovers(session, SECRET) == []


def test_the_page_shows_what_would_go_asks_for_words_and_erases(site, customer):
    administrator = site.sign_in(Role.ADMINISTRATOR)

    shown = administrator.get("/customers/S-1/erasure")
    refused = administrator.post("/customers/S-1/erasure", {"reason": "Asked for it", "words": "erase S-1"})
    done = administrator.post(
        "/customers/S-1/erasure", {"reason": "Asked for it", "words": "erase S-1 all the same"}
    )

    assert (shown.status_code, refused.status_code, done.status_code) == (200, 422, 303)
    assert "erase S-1 all the same" in shown.text
    assert administrator.get("/customers/S-1").status_code == 200
    with site.reading() as session:
        assert leftovers(session, SECRET) == []


@pytest.mark.parametrize("role", [Role.CLERK, Role.MANAGER, Role.AUDITOR])
def test_only_administrators_may(role, sqlite_site):
    visitor = sqlite_site.sign_in(role)

    assert visitor.get("/customers/S-1/erasure").status_code == 403
    assert visitor.post("/customers/S-1/erasure", {"words": "erase S-1"}).status_code == 403
