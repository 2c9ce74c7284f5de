from datetime import date

import pytest
from sqlalchemy import select

from arfollow.bulk import insert_rows, new_ids, one_of
from arfollow.followup.tables import ListRow
from arfollow.receivables.tables import Customer, Invoice

AWKWARD = ["plain", "tab\tend", "line\nfeed\r", "back\\slash \\N", "quote ' \" %s %(x)s ?", "Ümit 💶", ""]
COLUMNS = (Customer.id, Customer.company_id, Customer.number, Customer.name)
DEFAULTS = ("email", "phone", "street", "city", "postal_code", "country", "language", "currency", "vat")


def insert_customers(session, names):
    ids = new_ids(session, Customer, len(names))
    columns = [*COLUMNS, *(getattr(Customer, name) for name in DEFAULTS)]
    rows = [(id_, 1, f"C-{id_}", name, *[""] * len(DEFAULTS)) for id_, name in zip(ids, names, strict=True)]
    insert_rows(session, columns, rows)
    return list(ids)


def test_texts_come_back_as_they_were(ledger):
    ids = insert_customers(ledger.session, AWKWARD)

    found = ledger.session.execute(
        select(Customer.id, Customer.name).where(one_of(Customer.id, ids)).order_by(Customer.id)
    )
    assert found.all() == list(zip(ids, AWKWARD, strict=True))


def test_days_truth_values_json_and_nothing_come_back_as_they_were(ledger):
    (customer_id,) = insert_customers(ledger.session, ["A"])
    values = {
        "customer_id": customer_id,
        "company_id": 1,
        "name": "A",
        "name_key": "a",
        "status": "none",
        "reason": "",
        "band": 9,
        "has_overdue": True,
        "actions": ["email", "Ü"],
        "next_key": date(2026, 2, 28),
        "due_key": date.max,
        "oldest_due_on": None,
        "rules_version": 1,
    }

    insert_rows(ledger.session, [getattr(ListRow, name) for name in values], [tuple(values.values())])

    row = ledger.session.scalars(select(ListRow)).one()
    assert {name: getattr(row, name) for name in values} == values


def test_ids_go_on_where_the_database_left_off_and_it_goes_on_after_them(ledger):
    before = ledger.customer("C-before")
    ids = insert_customers(ledger.session, ["A", "B"])
    after = ledger.customer("C-after")

    assert before < ids[0] < ids[1] < after


def test_no_rows_are_no_work(ledger):
    insert_rows(ledger.session, [Invoice.id, Invoice.number], [])

    assert ledger.session.scalars(select(Invoice)).all() == []


@pytest.mark.parametrize("named", [False, True])
def test_values_are_found_whether_given_now_or_with_the_statement(ledger, named):
    insert_customers(ledger.session, AWKWARD)
    statement = select(Customer.name).order_by(Customer.id)

    for wanted in (AWKWARD, AWKWARD[2:5], []):
        among = statement.where(one_of(Customer.name, "names" if named else wanted))
        found = ledger.session.scalars(among, {"names": wanted} if named else None).all()
        assert found == wanted


def test_values_are_looked_up_in_an_index(ledger):
    if ledger.session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads tables as small as these whole.")
    statement = select(Customer.id).where(Customer.company_id == 1, one_of(Customer.number, ["C-1"]))
    sql = str(statement.compile(ledger.session.get_bind(), compile_kwargs={"render_postcompile": True}))

    plan = ledger.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (1, '["C-1"]')).all()

    assert "(company_id=? AND number=?)" in plan[0][3]
