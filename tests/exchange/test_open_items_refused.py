"""Lists of open items that are refused, or imported only when confirmed."""

from threading import Event, Thread
from time import sleep

import pytest
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.exchange.operations import AsOfError, TooMuchGoneError
from tests.exchange.conftest import Importer
from tests.exchange.lists import items
from tests.fixtures.ledgers import Ledger


@pytest.mark.parametrize(
    ("as_of", "words"),
    [("04-01", "there was one as of 2 Apr 2026 already"), ("2027-01-01", "today is 31 Dec 2026")],
)
def test_a_list_of_the_past_or_of_the_future_is_refused(known, as_of, words):
    known(items("I-1 C-1 100.00"), as_of="04-02")

    with pytest.raises(AsOfError, match=words):
        known(items("I-1 C-1 100.00"), as_of=as_of)


def test_an_empty_list_is_refused_until_confirmed(known):
    known(items("I-1 C-1 100.00"), as_of="04-01")

    with pytest.raises(TooMuchGoneError, match="The list is empty"):
        known(items(), as_of="04-02", confirm=False)
    known.ledger.session.rollback()
    known(items(), as_of="04-02")

    assert known.residuals() == {}


ELEVEN = [f"I-{number} C-1 10.00" for number in range(1, 12)]


@pytest.mark.parametrize(
    ("rows", "gone"),
    [
        (ELEVEN[2:], "2 of 11 items, EUR 20.00 of EUR 110.00"),
        (["I-1 C-1 1.00", "I-2 C-1 5.00", *ELEVEN[2:]], "0 of 11 items, EUR 14.00 of EUR 110.00"),
    ],
)
def test_more_than_a_tenth_gone_is_refused_until_confirmed(known, rows, gone):
    known(items(*ELEVEN), as_of="04-01")

    with pytest.raises(TooMuchGoneError, match=gone):
        known(items(*rows), as_of="04-02", confirm=False)


def test_less_than_a_tenth_gone_is_every_day(known):
    known(items(*ELEVEN), as_of="04-01")

    report = known(items(*ELEVEN[1:]), as_of="04-02", confirm=False)

    assert report.is_new
    assert len(known.residuals()) == 10


def test_a_tenth_of_one_currency_is_not_hidden_by_another(known):
    dollars = items("D-1 C-1 5.00").replace("EUR", "USD").splitlines()[1]
    known(items(*ELEVEN) + dollars, as_of="04-01")

    with pytest.raises(TooMuchGoneError, match="USD"):
        known(items(*ELEVEN), as_of="04-02", confirm=False)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["I-1 C-9 5.00"], "row 2, customer: 'C-9' is not known; import customers first."),
        (["I-1 C-2 5.00"], "row 2, customer: invoice 'I-1' is known with C-1, not C-2; that cannot change."),
        (["I-1 C-1 5.00", "I-1 C-1 5.00"], "row 3, invoice: item 'I-1' is there twice, first in row 2."),
        (["N-1 C-1 -5.00", "N-1 C-1 -5.00"], "row 3, invoice: credit 'N-1' is there twice."),
        (["N-1 C-2 -5.00"], "row 2, invoice: 'N-1' is known as a credit of C-1 in EUR."),
        (["I-1 C-1 0.00"], "row 2, amount: has to be above zero (a credit note"),
    ],
)
def test_what_cannot_be_right_is_told_and_nothing_is_imported(known, rows, problem):
    known(items("I-1 C-1 100.00", "N-1 C-1 -30.00"), as_of="04-01")

    problems = known.problems(items(*rows), as_of="04-02")

    assert len(problems) == 1
    assert problems[0].startswith(f"1.csv, {problem}")
    assert known.residuals() == {"I-1/1": 10000}


def test_more_open_than_the_whole_is_told(known):
    text = "invoice,customer,date,due_date,currency,amount,open_amount\nI-1,C-1,2026-03-01,2026-03-31,EUR,50.00,60.00\n"

    assert known.problems(text, as_of="04-01") == [
        "1.csv, row 2, open_amount: EUR 60.00 is more than the whole, EUR 50.00."
    ]


def import_behind(importer, engine_url, text, *, as_of):
    """What comes of a list that waits until the one before it is committed."""
    outcomes, begins = [], Event()

    def wait_and_import():
        engine = database.open_engine(engine_url)
        with Session(engine) as session:
            begins.set()
            database.begin_write(session)
            try:
                outcomes.append(Importer(Ledger(session)).import_in_transaction(text, as_of=as_of))
            except AsOfError as refused:
                outcomes.append(refused)
        engine.dispose()

    waiting = Thread(target=wait_and_import)
    waiting.start()
    begins.wait(30)
    sleep(0.5)
    database.commit(importer.ledger.session)
    waiting.join()
    return outcomes[0]


def test_a_list_that_waited_behind_one_of_a_later_day_is_refused(known, engine_url):
    known.import_in_transaction(items("I-1 C-1 100.00"), as_of="04-27")

    outcome = import_behind(known, engine_url, items("I-1 C-1 100.00"), as_of="04-26")

    assert "there was one as of 27 Apr 2026 already" in str(outcome)


def test_a_list_that_waited_reports_what_the_one_before_it_left(known, engine_url):
    known.import_in_transaction(items("I-1 C-1 100.00"), as_of="04-26")

    report = import_behind(known, engine_url, items("I-1 C-1 60.00"), as_of="04-27")

    assert [total.amount for total in (*report.before, *report.after)] == [10000, 6000]


def test_payments_are_no_list_of_open_items(known):
    text = "payment,customer,date,currency,amount\nP-1,C-1,2026-03-01,EUR,5.00\n"

    problems = known.problems(text, as_of="12-31")

    assert problems == ["1.csv: these are payments; a list of open items names invoices and credits."]
