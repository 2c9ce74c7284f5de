import pytest

from arfollow.workflows.examples import example
from tests.workflows.examples.cases import Case, day, outcome

NAME = "reminder-before-due"
DUE = {"invoice.due_date": day(5), "invoice.paid": False}
CASES = {
    "by text message": Case(
        facts={**DUE, "customer.mobile": "+4915112345678"}, done=[("courtesy", 0), ("text", 4)]
    ),
    "by e-mail": Case(facts=DUE, done=[("courtesy", 0), ("short-mail", 4)]),
    "paid in time": Case(facts=DUE, later={2: {"invoice.paid": True}}, done=[("courtesy", 0)], ended="goal"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_customer_is_reminded_before_the_due_date(case):
    assert outcome(NAME, case) == (case.done, case.ended)


def test_every_message_is_about_money():
    definition = example(NAME).definition

    assert definition.trigger.settings["days"] == -5
    assert {
        step.settings["purpose"] for step in definition.steps() if step.acts and "purpose" in step.settings
    } == {"money"}
