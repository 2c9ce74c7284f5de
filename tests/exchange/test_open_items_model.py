"""Random nights: whatever came before, after each list exactly that list is open."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from arfollow.receivables.operations.allocations import NothingToApplyError, apply_credit
from arfollow.receivables.rules.allocation import used_up_on
from arfollow.receivables.rules.ledger import Settlement, settled_on
from arfollow.receivables.tables import Allocation, Credit, Instalment

FIRST = date(2026, 4, 1)
HEADING = "invoice,customer,kind,date,due_date,currency,amount"
AMOUNTS = st.integers(1, 5)
ITEMS = st.dictionaries(st.tuples(st.sampled_from("ABC"), st.sampled_from(["C-1", "C-2"])), AMOUNTS)
CREDITS = st.dictionaries(st.tuples(st.sampled_from("XY"), st.sampled_from(["C-1", "C-2"])), AMOUNTS)
# The days from one list to the next, the list, and whether a clerk applies a credit before it, and on which day after the last.
NIGHTS = st.lists(
    st.tuples(st.integers(0, 3), ITEMS, CREDITS, st.none() | st.integers(0, 3)), min_size=1, max_size=6
)


def text(items, credits_) -> str:
    lines = [
        f"{name}-{customer},{customer},invoice,2026-03-01,2026-03-31,EUR,{amount}"
        for (name, customer), amount in items.items()
    ] + [
        f"{name}-{customer},{customer},credit_note,2026-03-01,,EUR,-{amount}"
        for (name, customer), amount in credits_.items()
    ]
    return "\n".join([HEADING, *lines, ""])


def in_cents(amounts) -> dict[str, int]:
    return {f"{name}-{customer}": amount * 100 for (name, customer), amount in amounts.items()}


@contextmanager
def rolled_back(session):
    """Undo what happens inside, so that the next example begins with an empty ledger."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def clerk_applies(importer, on: date) -> None:
    """Apply the first credit that can be applied to its customer's items."""
    session = importer.ledger.session
    for credit in session.scalars(select(Credit).order_by(Credit.id)):
        owned = select(Instalment.id).where(Instalment.customer_id == credit.customer_id)
        try:
            apply_credit(
                session,
                company_id=1,
                credit_id=credit.id,
                instalment_ids=session.scalars(owned.order_by(Instalment.id)).all(),
                on=on,
                who="Ana",
            )
        except NothingToApplyError:
            continue
        return


def open_now(importer, on: date) -> tuple[dict[str, int], dict[str, int]]:
    items: dict[str, int] = {}
    credits_: dict[str, int] = {}
    for customer in ("C-1", "C-2"):
        items |= importer.residuals(customer, on.isoformat())
        credits_ |= importer.unapplied(customer, on.isoformat())
    return {key.removesuffix("/1"): value for key, value in items.items()}, credits_


def check_ledger(importer) -> None:
    """Nothing is applied twice, and the stored days are those of the rules."""
    session = importer.ledger.session
    for table, side, day_of in (
        (
            Instalment,
            Allocation.instalment_id,
            lambda row, known: (row.settled_on, settled_on(row.amount, known)),
        ),
        (
            Credit,
            Allocation.credit_id,
            lambda row, known: (row.used_up_on, used_up_on(row.amount, known, row.reversed_on)),
        ),
    ):
        for row in session.scalars(select(table).execution_options(populate_existing=True)):
            rows = session.execute(
                select(Allocation.date, Allocation.ended_on, Allocation.amount).where(side == row.id)
            )
            known = [Settlement(*each) for each in rows]
            stored, expected = day_of(row, known)
            assert stored == expected
            standing = sum(each.amount for each in known if each.ended_on is None)
            assert standing <= row.amount


@pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
@given(nights=NIGHTS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_each_list_exactly_that_list_is_open(known, nights):
    with rolled_back(known.ledger.session):
        day = FIRST
        for passed, items, credits_, clerk in nights:
            if clerk is not None:
                clerk_applies(known, day + timedelta(days=clerk))
            day += timedelta(days=passed)

            known.import_in_transaction(text(items, credits_), as_of=day.isoformat())

            assert open_now(known, day) == (in_cents(items), in_cents(credits_))
            check_ledger(known)
            again = known.import_in_transaction(text(items, credits_), as_of=day.isoformat())
            assert not again.is_new
