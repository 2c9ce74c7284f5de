from datetime import date, timedelta

import pytest
from sqlalchemy import select

from arfollow.access import Role
from arfollow.receivables.tables import Allocation, Credit, Dispute, Hold, Promise, PromiseItem
from arfollow.tasks.tables import Task
from tests.factories import TODAY, books
from tests.followup.desks import customer_of, desk, items_of, words_of

OWED = [("100.00", 40), ("50.00", 20)]
PROMISE = {"promise-due_on": "2026-12-01"}


def rows(site, table):
    with site.reading() as session:
        return session.scalars(select(table).order_by(*table.__table__.primary_key.columns)).all()


def test_chosen_items_are_held_with_a_reason_and_an_end(site):
    with desk(site, *OWED) as page:
        items = items_of(site)
        page.click("holds", item=items, **{"hold-reason": "Insurer", "hold-until": "2026-12-12"})

    assert [(hold.instalment_id, hold.until) for hold in rows(site, Hold)] == [
        (item, date(2026, 12, 12)) for item in items
    ]
    assert "on hold until 12 Dec" in page.words
    assert "of it on hold 150.00" in page.words
    assert page.row().status == "overdue"


def test_the_whole_customer_is_held_and_released(site):
    with desk(site, *OWED) as page:
        page.click("holds/customer", **{"hold-reason": "Merger"})
        held = page.words
        page.click(f"holds/{rows(site, Hold)[0].id}/release")

    assert "On hold until released: Merger" in held
    assert "Not on the list: the customer is on hold until somebody ends it." in held
    assert "It does not come back until the hold is released." in held
    assert "→" not in held
    assert "The hold is released." in page.words
    assert page.row().status == "action"


def test_a_dispute_is_opened_about_a_part_and_resolved(site):
    with desk(site, *OWED) as page:
        oldest = items_of(site)[0]
        page.click("disputes", item=[oldest], **{"dispute-reason": "Broken", "dispute-amount": "1.00"})
        open_ = page.words
        page.click(f"disputes/{rows(site, Dispute)[0].id}/resolve", text="Replaced")

    assert "disputed 1.00" in open_
    assert "of it disputed 1.00" in open_
    assert rows(site, Dispute)[0].outcome == "Replaced"
    assert "Holds, disputes, promises" not in page.words


def test_a_promise_is_about_all_that_is_open_of_the_chosen_items(site):
    with desk(site, *OWED) as page:
        items = items_of(site)
        page.click("promises", item=items, **PROMISE, **{"promise-note": "by phone"})

    promise = rows(site, Promise)[0]
    assert (promise.amount, promise.due_on, promise.note) == (15000, date(2026, 12, 1), "by phone")
    assert [each.instalment_id for each in rows(site, PromiseItem)] == items
    assert "EUR 150.00 promised by 1 Dec 2026" in page.words


def test_a_promise_may_be_of_less_and_is_cancelled_with_a_reason(site):
    with desk(site, *OWED) as page:
        page.click("promises", item=items_of(site), **PROMISE, **{"promise-amount": "60.00"})
        page.click(f"promises/{rows(site, Promise)[0].id}/cancel", text="A mistake")

    assert rows(site, Promise)[0].amount == 6000
    assert site.entries("promise")[-1] == ("promise:cancelled", "Promise for 1 Dec 2026 cancelled: A mistake")


def test_the_same_promise_twice_is_refused_and_says_what_is_promised(site):
    with desk(site, *OWED) as page:
        first, second = items_of(site)
        page.click("promises", item=[first], **PROMISE)
        again = page.click("promises", item=[first, second], **PROMISE)
        refused = page.words
        other_day = page.click("promises", item=[second], **{"promise-due_on": "2026-12-02"})

    assert (again, other_day) == (422, 200)
    assert "is promised for 1 December 2026 already: EUR 100.00. Choose another day" in refused
    assert len(rows(site, Promise)) == 2
    assert site.entries("promise")[0][1].startswith("EUR 100.00 promised for 1 Dec 2026 (R-")


def test_what_is_over_is_folded_and_a_broken_promise_is_not_cancelled(site):
    with desk(site, *OWED) as page:
        oldest, newest = items_of(site)
        for made in (30, 20):
            with books(site, TODAY - timedelta(days=made)) as book:
                book.promise(customer_of(book), oldest, "10.00", made=0, due=-3)
        page.click("disputes", item=[newest], **{"dispute-reason": "Broken"})
        with books(site) as book:
            paid = book.payment(customer_of(book), "50.00")
        page.click("credits/apply", item=[newest], credit=paid)
        shown, folded = words_of(page.last.text).split("2 more that are over: broken before, or paid")

    assert shown.count("EUR 10.00 promised by") == folded.count("EUR 10.00 promised by") == 1
    assert "disputed since" in folded
    assert "Cancel the promise" not in shown + folded


@pytest.mark.parametrize(("role", "status"), [(Role.CLERK, 422), (Role.MANAGER, 200)])
def test_a_promise_beyond_the_companys_limit_needs_a_manager(site, role, status):
    with desk(site, *OWED, role=role) as page:
        answer = page.click("promises", item=items_of(site), **{"promise-due_on": "2026-12-22"})

    assert answer == status
    assert ("A promise for a day after 21 December 2026 needs a manager." in page.words) == (status == 422)


def test_a_credit_is_applied_to_the_oldest_of_the_chosen_items_and_taken_back(site):
    with desk(site, *OWED) as page:
        with books(site) as book:
            book.payment(customer_of(book), "120.00")
        credit = rows(site, Credit)[0].id
        page.click("credits/apply", item=list(reversed(items_of(site))), credit=credit)
        applied = [(each.instalment_id, each.amount) for each in rows(site, Allocation)]
        page.visitor.headers = {}
        page.open("?tab=payments")
        offered = page.words
        page.click(f"allocations/{rows(site, Allocation)[0].id}/take-back")

    assert applied == [(items_of(site)[0], 10000), (items_of(site)[1], 2000)]
    assert "Take back" in offered
    assert rows(site, Allocation)[0].ended_on is not None
    assert "Unapplied credit -100.00" in page.words


def test_what_the_ledger_applied_is_not_offered_to_be_taken_back(sqlite_site):
    with desk(sqlite_site, *OWED) as page:
        with books(sqlite_site) as book:
            credit = book.payment(customer_of(book), "120.00")
            book.session.add(
                Allocation(
                    company_id=sqlite_site.company_id,
                    credit_id=credit,
                    instalment_id=items_of(sqlite_site)[0],
                    date=book.today,
                    amount=10000,
                    origin="ledger",
                )
            )
        words = page.open("?tab=payments")

    assert "Take back" not in words


REFUSED = [
    ("holds", {"hold-reason": "Insurer"}, [], "Choose open items first: tick the boxes beside them."),
    ("holds", {"hold-reason": ""}, [0], "This field is required."),
    ("holds", {"hold-reason": " "}, [0], "Please enter a reason for the hold."),
    ("holds", {"hold-reason": "x", "hold-until": "2026-01-01"}, [0], "The hold cannot end on 1 January 2026"),
    (
        "disputes",
        {"dispute-reason": "x", "dispute-amount": "100.01"},
        [0],
        "must be above zero and at most EUR 100.00",
    ),
    (
        "disputes",
        {"dispute-reason": "x", "dispute-amount": "1"},
        [0, 1],
        "A part can be disputed of one item",
    ),
    (
        "disputes",
        {"dispute-reason": "x", "dispute-amount": "ten"},
        [0],
        "“ten” is not an amount. Write it like",
    ),
    ("promises", {"promise-due_on": "2026-11-01"}, [0], "that day has passed"),
    ("promises", {"promise-due_on": "2026-12-01", "promise-amount": "0"}, [0], "above zero"),
    ("promises", {"promise-due_on": "soon"}, [0], "Not a valid date value."),
    ("credits/apply", {"credit": "999"}, [0], "There is no payment or credit note 999 in this company."),
]


@pytest.mark.parametrize(("action", "values", "chosen", "words"), REFUSED)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_lost(sqlite_site, action, values, chosen, words):
    with desk(sqlite_site, *OWED) as page:
        items = items_of(sqlite_site)
        before = page.tags
        status = page.click(action, item=[items[index] for index in chosen], **values)

    assert status == 422
    assert words in page.words
    assert page.last.text.count("checked>") == len(chosen)
    assert page.tags == before


def test_items_of_another_customer_are_none_of_the_chosen(sqlite_site):
    with desk(sqlite_site, *OWED) as page:
        with books(sqlite_site) as book:
            book.debtor("Nachbar", ("100.00", 20), number="C-2")
        status = page.click("holds", item=items_of(sqlite_site, "C-2"), **{"hold-reason": "x"})

    assert status == 422
    assert rows(sqlite_site, Hold) == []


def test_amounts_are_read_as_the_page_writes_them(sqlite_site):
    with desk(sqlite_site, ("5000.00", 40)) as page:
        values = {"dispute-reason": "x", "dispute-amount": "1,240.50"}
        page.click("disputes", item=items_of(sqlite_site), **values)

    assert rows(sqlite_site, Dispute)[0].amount == 124050


@pytest.mark.parametrize(
    ("text", "amount"), [("100,50", 10050), ("100,5", 10050), ("100.50", 10050), ("1,234", 123400)]
)
def test_a_decimal_comma_is_taken_where_it_can_be_nothing_else(sqlite_site, text, amount):
    with desk(sqlite_site, ("5000.00", 40)) as page:
        page.click("disputes", item=items_of(sqlite_site), **{"dispute-reason": "x", "dispute-amount": text})

    assert rows(sqlite_site, Dispute)[0].amount == amount


TASK = {"task-title": "Send the contract", "task-due_on": "2026-11-21", "task-assignee": "0"}


def test_a_task_lists_its_customer_until_it_is_done(site):
    with desk(site, ("100.00", 3)) as page:
        page.click("tasks", **TASK)
        listed = page.row().status
        page.click(f"tasks/{rows(site, Task)[0].id}/do", text="Sent by post")

    assert listed == "action"
    assert page.row().status == "overdue"
    assert site.entries("task")[-1] == ("task:done", "Send the contract: Sent by post")


def test_a_task_is_moved_and_skipped(site):
    with desk(site, ("100.00", 3)) as page:
        page.click("tasks", **TASK)
        task = rows(site, Task)[0].id
        page.click(f"tasks/{task}/move", due_on="2026-12-01")
        moved = rows(site, Task)[0].due_on
        page.click(f"tasks/{task}/skip", text="Not needed any more")

    assert moved == date(2026, 12, 1)
    assert (rows(site, Task)[0].state, rows(site, Task)[0].outcome) == ("skipped", "Not needed any more")


def test_a_task_can_be_given_to_whoever_works_here(sqlite_site):
    with desk(sqlite_site) as page:
        jan = sqlite_site.person(Role.CLERK, name="Jan", email="jan@example.com")
        sqlite_site.person(Role.AUDITOR, name="Otto", email="otto@example.com")
        page.open()
        page.click("tasks", **{**TASK, "task-assignee": str(jan)})

    assert "Anybody Ana Jan" in page.words
    assert rows(sqlite_site, Task)[0].assignee_id == jan


@pytest.mark.parametrize(
    ("action", "values", "words"),
    [
        ("tasks", {**TASK, "task-title": ""}, "This field is required."),
        ("tasks", {**TASK, "task-assignee": "77"}, "Not a valid choice."),
        ("tasks/1/move", {"due_on": ""}, "Choose the day that the task is for."),
        ("tasks/1/skip", {"text": ""}, "Please enter why the task is skipped."),
        ("tasks/99/do", {"text": ""}, "There is no such task of this customer."),
    ],
)
def test_a_task_that_cannot_be_is_refused_in_words(sqlite_site, action, values, words):
    with desk(sqlite_site) as page:
        page.click("tasks", **TASK)
        status = page.click(action, **values)

    assert status == 422
    assert words in page.words
