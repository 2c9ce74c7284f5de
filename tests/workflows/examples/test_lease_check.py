import pytest

from arfollow.workflows.examples import example
from tests.workflows.examples.cases import Case, day, enters, outcome

NAME = "lease-check"
LEASED = {"field.lease_start": day(-70), "lists": ("Company bikes",)}
CASES = {
    "the workshop ten days ahead, the customer on day 80": Case(
        facts=LEASED, done=[("tell-workshop", 0), ("tell-customer", 10)]
    ),
    "taken off the list": Case(
        facts=LEASED, later={5: {"lists": ()}}, done=[("tell-workshop", 0)], ended="goal"
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_check_comes_80_days_after_the_lease_began(case):
    assert outcome(NAME, case) == (case.done, case.ended)


def test_customers_of_one_list_enter_70_days_after_the_lease_began():
    assert example(NAME).definition.trigger.settings["days"] == 70
    assert enters(NAME, LEASED)
    assert not enters(NAME, {**LEASED, "lists": ("Other",)})
