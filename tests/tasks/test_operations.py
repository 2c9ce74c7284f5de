import pytest

from arfollow.receivables.operations.lookup import MissingTextError, UnknownCustomerError
from arfollow.tasks.operations import (
    TaskClosedError,
    UnknownAssigneeError,
    UnknownTaskError,
    add_task,
    do_task,
    move_task,
    skip_task,
)
from arfollow.tasks.queries import open_tasks
from arfollow.tasks.tables import Task
from tests.fixtures.ledgers import day


def task(ledger, customer, title="Call the customer", due="04-01", assignee=None) -> int:
    return add_task(
        ledger.session,
        company_id=1,
        customer_id=customer,
        title=title,
        due_on=day(due),
        assignee_id=assignee,
        who="Ana",
    )


def do(ledger, customer, task_id, outcome="Will pay", company_id=1) -> None:
    do_task(
        ledger.session,
        company_id=company_id,
        customer_id=customer,
        task_id=task_id,
        outcome=outcome,
        on=day("04-02"),
        who="Ana",
    )


def test_open_tasks_are_listed_by_day(ledger):
    customer = ledger.customer()
    task(ledger, customer, "Later", "04-05")
    task(ledger, customer, "Sooner", "04-01", assignee=1)

    lines = open_tasks(ledger.session, company_id=1, customer_id=customer)

    assert [(line.title, line.assignee) for line in lines] == [("Sooner", "Ana"), ("Later", "")]


def test_a_done_task_keeps_its_outcome_and_is_open_no_more(ledger):
    customer = ledger.customer()
    called = task(ledger, customer)

    do(ledger, customer, called)

    line = ledger.session.get_one(Task, called)
    assert (line.state, line.outcome, line.closed_on) == ("done", "Will pay", day("04-02"))
    assert open_tasks(ledger.session, company_id=1, customer_id=customer) == []
    with pytest.raises(TaskClosedError, match="“Call the customer” was already done on 2 Apr 2026"):
        do(ledger, customer, called)


def test_a_task_is_skipped_for_a_reason(ledger):
    customer = ledger.customer()
    called = task(ledger, customer)
    skip = {"company_id": 1, "customer_id": customer, "task_id": called, "on": day("04-02"), "who": "Ana"}

    with pytest.raises(MissingTextError):
        skip_task(ledger.session, reason="", **skip)
    skip_task(ledger.session, reason="Paid", **skip)

    line = ledger.session.get_one(Task, called)
    assert (line.state, line.outcome) == ("skipped", "Paid")


def test_a_task_is_moved_and_moving_nowhere_is_no_news(ledger):
    customer = ledger.customer()
    called = task(ledger, customer, due="04-01")

    for _ in range(2):
        move_task(
            ledger.session, company_id=1, customer_id=customer, task_id=called, due_on=day("04-08"), who="Ana"
        )

    (line,) = open_tasks(ledger.session, company_id=1, customer_id=customer)
    assert line.due_on == day("04-08")
    assert ledger.tags()[1:] == ["task:added", "task:moved"]


def test_a_task_needs_a_title_and_people_of_the_company(ledger):
    customer = ledger.customer()

    with pytest.raises(MissingTextError):
        task(ledger, customer, title=" ")
    with pytest.raises(UnknownAssigneeError):
        task(ledger, customer, assignee=2)


def test_another_customers_tasks_are_out_of_reach(ledger):
    called = task(ledger, ledger.customer("C-1"))

    with pytest.raises(UnknownTaskError):
        do(ledger, ledger.customer("C-2"), called)

    assert ledger.session.get_one(Task, called).state == "open"


def test_another_companys_tasks_are_out_of_reach(ledger):
    customer = ledger.customer()
    called = task(ledger, customer)

    with pytest.raises(UnknownTaskError):
        do(ledger, customer, called, company_id=2)
    with pytest.raises(UnknownCustomerError):
        add_task(
            ledger.session, company_id=2, customer_id=customer, title="X", due_on=day("04-01"), who="Eve"
        )
