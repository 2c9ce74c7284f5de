"""The nightly list of open items: what is missing is settled, what is smaller was paid, what is back is open again."""

import pytest
from sqlalchemy import select

from arfollow.companies.tables import Company
from arfollow.receivables.operations.allocations import apply_credit
from arfollow.receivables.operations.credits import reverse_payment
from arfollow.receivables.tables import Credit, Instalment, LedgerImport
from tests.exchange.lists import items
from tests.fixtures.ledgers import day


def credits_of(importer) -> list[tuple[str, str, int, object]]:
    rows = importer.ledger.session.scalars(select(Credit).order_by(Credit.date, Credit.id))
    return [(row.kind, row.origin, row.amount, row.reversed_on) for row in rows]


def test_what_is_on_the_first_list_is_open(known):
    report = known(items("I-1 C-1 100.00", "I-2 C-2 50.00", "N-1 C-1 -30.00"), as_of="04-01")

    assert known.residuals("C-1") == {"I-1/1": 10000}
    assert known.unapplied("C-1") == {"N-1": 3000}
    assert [(each.amount, each.unapplied) for each in report.after] == [(15000, 3000)]


def test_what_is_missing_was_settled_on_the_day_of_the_list(known):
    known(items("I-1 C-1 100.00", "I-2 C-2 50.00"), as_of="04-01")

    known(items("I-2 C-2 50.00"), as_of="04-02")

    assert known.residuals("C-1", on="04-01") == {"I-1/1": 10000}
    assert known.residuals("C-1", on="04-02") == {}
    assert known.ledger.session.scalars(select(Instalment.settled_on).order_by(Instalment.amount)).all() == [
        None,
        day("04-02"),
    ]
    assert credits_of(known) == [("payment", "open-items", 10000, None)]


def test_a_smaller_amount_is_a_payment_on_the_day(known):
    known(items("I-1 C-1 100.00"), as_of="04-01")

    known(items("I-1 C-1 60.00"), as_of="04-02")

    assert known.residuals(on="04-01") == {"I-1/1": 10000}
    assert known.residuals(on="04-02") == {"I-1/1": 6000}
    assert known.unapplied() == {}


def test_what_is_back_is_open_again_with_its_history(known):
    known(items("I-1 C-1 100.00"), as_of="04-01")
    known(items(), as_of="04-02")

    known(items("I-1 C-1 100.00"), as_of="04-05")

    assert [known.residuals(on=on) for on in ("04-01", "04-04", "04-05")] == [
        {"I-1/1": 10000},
        {},
        {"I-1/1": 10000},
    ]
    assert credits_of(known) == [("payment", "open-items", 10000, day("04-05"))]


def test_what_is_partly_back_takes_the_latest_payment_back_first(known):
    known(items("I-1 C-1 100.00"), as_of="04-01")
    known(items("I-1 C-1 60.00"), as_of="04-02")
    known(items(), as_of="04-03")

    known(items("I-1 C-1 60.00"), as_of="04-04")

    assert known.residuals() == {"I-1/1": 6000}
    assert credits_of(known) == [
        ("payment", "open-items", 4000, None),
        ("payment", "open-items", 6000, day("04-04")),
    ]


def test_more_than_the_known_amount_raises_it_and_is_noted(known):
    known(items("I-1 C-1 100.00"), as_of="04-01")

    report = known(items("I-1 C-1 120.00"), as_of="04-02")

    assert known.residuals() == {"I-1/1": 12000}
    assert report.notes == (
        "I-1/1: more is open than its amount of EUR 100.00; it was raised to EUR 120.00.",
    )


def test_a_second_list_of_the_same_day_corrects_the_first(known):
    known(items("I-1 C-1 100.00", "I-2 C-1 5.00"), as_of="04-01")
    known(items("I-2 C-1 5.00"), as_of="04-02")
    known(items("I-1 C-1 100.00", "I-2 C-1 5.00"), as_of="04-02")
    known(items("I-2 C-1 5.00"), as_of="04-02")

    assert known.residuals(on="04-01") == {"I-1/1": 10000, "I-2/1": 500}
    assert known.residuals(on="04-02") == {"I-2/1": 500}


def test_a_credit_that_is_gone_has_settled_what_is_gone_with_it(known):
    known(items("I-1 C-1 100.00", "N-1 C-1 -30.00"), as_of="04-01")

    known(items("I-1 C-1 50.00"), as_of="04-02")

    assert known.residuals() == {"I-1/1": 5000}
    assert known.unapplied() == {}
    assert credits_of(known) == [
        ("credit_note", "ledger", 3000, None),
        ("payment", "open-items", 2000, None),
    ]


def test_a_credit_that_is_gone_and_settled_nothing_is_worth_nothing(known):
    known(items("I-1 C-1 100.00", "N-1 C-1 -30.00"), as_of="04-01")

    known(items("I-1 C-1 100.00"), as_of="04-02")

    assert known.unapplied(on="04-01") == {"N-1": 3000}
    assert known.unapplied(on="04-02") == {}
    assert credits_of(known) == [("credit_note", "ledger", 3000, day("04-02"))]


def test_a_credit_settles_no_other_customers_items(known):
    known(items("I-1 C-1 100.00", "N-1 C-2 -100.00"), as_of="04-01")

    known(items(), as_of="04-02")

    assert credits_of(known) == [
        ("credit_note", "ledger", 10000, day("04-02")),
        ("payment", "open-items", 10000, None),
    ]


def test_a_credit_that_shrinks_and_settles_nothing_is_reduced(known):
    known(items("N-1 C-1 -30.00"), as_of="04-01")

    known(items("N-1 C-1 -20.00"), as_of="04-02")

    assert known.unapplied() == {"N-1": 2000}


@pytest.mark.parametrize("amount", ["-30.00", "-40.00", "-10.00"])
def test_a_credit_that_is_back_counts_again(known, amount):
    known(items("I-1 C-1 1.00", "N-1 C-1 -30.00"), as_of="04-01")
    known(items("I-1 C-1 1.00"), as_of="04-02")

    known(items("I-1 C-1 1.00", f"N-1 C-1 {amount}"), as_of="04-03")

    assert known.unapplied() == {"N-1": -int(amount.replace(".", ""))}


def test_the_list_outdoes_what_a_clerk_applied(known):
    known(items("I-1 C-1 100.00", "N-1 C-1 -30.00"), as_of="04-01")
    session = known.ledger.session
    apply_credit(
        session,
        company_id=1,
        credit_id=session.scalars(select(Credit.id)).one(),
        instalment_ids=session.scalars(select(Instalment.id)).all(),
        on=day("04-01"),
        who="Ana",
    )

    known(items("I-1 C-1 100.00", "N-1 C-1 -30.00"), as_of="04-02")

    assert known.residuals(on="04-01") == {"I-1/1": 7000}
    assert known.residuals(on="04-02") == {"I-1/1": 10000}
    assert known.unapplied(on="04-02") == {"N-1": 3000}


def test_what_a_clerk_applied_after_the_day_of_the_list_stands(known):
    known(items("I-1 C-1 100.00", "N-1 C-1 -30.00"), as_of="04-01")
    session = known.ledger.session
    apply_credit(
        session,
        company_id=1,
        credit_id=session.scalars(select(Credit.id)).one(),
        instalment_ids=session.scalars(select(Instalment.id)).all(),
        on=day("04-03"),
        who="Ana",
    )

    known(items("I-1 C-1 100.00", "N-1 C-1 -30.00"), as_of="04-02")

    assert known.residuals(on="04-02") == {"I-1/1": 10000}
    assert known.residuals(on="04-03") == {"I-1/1": 7000}


def test_what_the_ledger_took_in_after_the_day_of_the_list_is_left_alone(known):
    known(items("I-1 C-1 100.00"), as_of="04-01")
    later = "invoice,customer,date,due_date,currency,amount\nI-2,C-1,2026-04-03,2026-05-03,EUR,7.00\n"
    known(later, "payment,customer,date,currency,amount\nP-1,C-1,2026-04-03,EUR,5.00\n")

    known(items("I-1 C-1 100.00"), as_of="04-02")

    assert known.residuals() == {"I-1/1": 10000, "I-2/1": 700}
    assert known.unapplied() == {"P-1": 500}


def test_a_payment_that_bounced_here_and_is_open_there_agree(known):
    known(items("I-1 C-1 100.00"), as_of="04-01")
    known(items("I-1 C-1 40.00"), as_of="04-02")
    session = known.ledger.session
    payment = session.scalars(select(Credit.id)).one()
    reverse_payment(session, company_id=1, credit_id=payment, on=day("04-03"), reason="Bounced", who="Ana")

    report = known(items("I-1 C-1 100.00"), as_of="04-04")

    assert known.residuals() == {"I-1/1": 10000}
    assert str(report.counts[0]) == "invoices: 0 new, 0 changed, 1 unchanged"


def test_the_same_list_again_changes_nothing(known):
    text = items("I-1 C-1 100.00", "N-1 C-1 -30.00")
    known(text, as_of="04-01")

    again = known(text, as_of="04-01")
    next_day = known(text, as_of="04-02")

    assert not again.is_new
    assert next_day.is_new
    assert [str(count) for count in next_day.counts] == [
        "invoices: 0 new, 0 changed, 1 unchanged",
        "credit notes: 0 new, 0 changed, 1 unchanged",
    ]
    assert known.tags() == ["ledger:imported", "open-items:imported", "open-items:imported"]


def test_the_company_remembers_the_day(known):
    known(items("I-1 C-1 100.00"), as_of="04-01")

    assert known.ledger.session.scalars(select(Company.imported_on).where(Company.id == 1)).one() == day(
        "04-01"
    )
    assert known.ledger.session.scalars(
        select(LedgerImport.as_of).where(LedgerImport.kind == "open-items")
    ).all() == [day("04-01")]


def test_a_list_of_some_customers_leaves_the_others_alone(known):
    known(items("I-1 C-1 100.00", "I-2 C-1 50.00", "I-3 C-2 7.00"), as_of="04-01")

    known(items("I-2 C-1 50.00"), as_of="04-02", customers_in_file=True)

    assert known.residuals("C-1") == {"I-2/1": 5000}
    assert known.residuals("C-2") == {"I-3/1": 700}


def test_other_companies_are_left_alone(known):
    known("customer,name\nC-1,Theirs\n", company_id=2)
    known(items("I-1 C-1 100.00"), as_of="04-01", company_id=2)

    known(items("I-2 C-1 1.00"), as_of="04-01")

    theirs = known.ledger.session.scalars(
        select(Instalment.settled_on).where(Instalment.company_id == 2)
    ).all()
    assert theirs == [None]


def test_kinds_may_be_said_with_either_sign(known):
    known(
        items("N-1 C-1 30.00 credit_note", "N-2 C-1 -20.00 credit_note", "P-1 C-1 -10.00 payment"),
        as_of="04-01",
    )

    assert known.unapplied() == {"N-1": 3000, "N-2": 2000, "P-1": 1000}


def test_the_whole_amount_is_used_where_the_file_gives_it(known):
    text = "invoice,customer,date,due_date,currency,amount,open_amount\nI-1,C-1,2026-03-01,2026-03-31,EUR,100.00,60.00\n"

    known(text, as_of="04-01")

    assert known.residuals(on="03-31") == {"I-1/1": 10000}
    assert known.residuals(on="04-01") == {"I-1/1": 6000}


def test_customers_may_come_with_the_list(importer):
    importer("customer,name\nC-1,A\n", items("I-1 C-1 100.00"), as_of="04-01")

    assert importer.residuals() == {"I-1/1": 10000}


def test_the_log_holds_the_totals_and_what_has_changed(known):
    known(items("I-1 C-1 100.00"), as_of="04-01")

    known(items("I-1 C-1 60.00"), as_of="04-02")

    document = known.documents()[-1]
    assert (
        '"open_before": [{"currency": "EUR", "items": 1, "amount": "100.00", "unapplied": "0.00"}]'
        in document
    )
    assert (
        '"open_after": [{"currency": "EUR", "items": 1, "amount": "60.00", "unapplied": "0.00"}]' in document
    )
    assert '"credit": "payment 2026-04-02 I-1/1"' in document
