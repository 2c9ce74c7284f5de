from dataclasses import replace
from datetime import date, timedelta

import pytest

from arfollow.levels.drafts import LevelDraft, PlanDraft
from arfollow.levels.operations import add_level, assign_plan, create_default_plan, create_plan
from arfollow.levels.queries import effect_of_change, effect_of_default, find_plan
from tests.levels.rows import add_customer, add_item, add_place

TODAY = date(2026, 11, 21)


@pytest.fixture
def plan(session, company_id):
    plan_id = create_default_plan(session, company_id=company_id, language="en", who="Ana")
    return find_plan(session, company_id=company_id, plan_id=plan_id).terms


@pytest.fixture
def ledger(session, company_id, plan):
    """One customer at the first level, one at the second (and with an item never followed), one without follow-up."""
    first, second, third = (level.id for level in plan.levels)
    for number, levels in (("A", [first]), ("B", [first, second]), ("C", [third])):
        customer_id = add_customer(session, company_id, number)
        for level_id in levels:
            item = add_item(session, customer_id, f"{number}-{level_id}", TODAY - timedelta(days=20))
            add_place(session, item, level_id, TODAY - timedelta(days=20))
        if number == "B":
            add_item(session, customer_id, "new", TODAY - timedelta(days=12))
            settled = add_item(session, customer_id, "paid", TODAY - timedelta(days=90), TODAY)
            add_place(session, settled, third, TODAY)
        if number == "C":
            assign_plan(session, company_id=company_id, customer_id=customer_id, plan_id=None, who="Ana")


def effect(session, company_id, before, after):
    found = effect_of_change(session, company_id=company_id, before=before, after=after, today=TODAY)
    rows = {
        level.level: (level.customers_before, level.customers_after, level.due_before, level.due_after)
        for level in found.levels
    }
    return found, rows


def test_no_change_moves_nobody(session, company_id, plan, ledger):
    found, rows = effect(session, company_id, plan, plan)

    assert found.nothing
    assert rows == {
        "Payment reminder": (1, 1, 0, 0),
        "Second reminder": (1, 1, 0, 0),
        "Final notice": (0, 0, 0, 0),
    }


def test_a_retired_level_sends_its_customers_to_the_one_below(session, company_id, plan, ledger):
    first, _, third = plan.levels

    found, rows = effect(session, company_id, plan, replace(plan, levels=(first, third)))

    assert found.moved == 1
    assert rows["Payment reminder"][:2] == (1, 2)
    assert rows["Second reminder"][:2] == (1, 0)


def test_a_renamed_level_moves_nobody(session, company_id, plan, ledger):
    renamed = tuple(replace(level, name=f"new {level.name}") for level in plan.levels)

    found, rows = effect(session, company_id, plan, replace(plan, levels=renamed))

    assert found.nothing
    assert rows["new Payment reminder"] == (1, 1, 0, 0)


def test_earlier_days_let_items_fall_due(session, company_id, plan, ledger):
    sooner = replace(plan.levels[0], days=10)

    found, rows = effect(session, company_id, plan, replace(plan, levels=(sooner, *plan.levels[1:])))

    assert (found.moved, found.nothing) == (0, False)
    assert rows["Payment reminder"] == (1, 1, 0, 1)


def test_another_default_moves_those_without_a_plan_of_their_own(session, company_id, plan, ledger):
    other = create_plan(session, company_id=company_id, draft=PlanDraft(name="VIP"), who="Ana")
    level = LevelDraft(name="Only one", days=10)
    add_level(session, company_id=company_id, plan_id=other, draft=level, position=None, who="Ana")
    own = add_customer(session, company_id, "D")
    assign_plan(session, company_id=company_id, customer_id=own, plan_id=plan.id, who="Ana")
    add_place(session, add_item(session, own, "D-1", TODAY), plan.levels[0].id, TODAY)

    found = effect_of_default(session, company_id=company_id, plan_id=other, today=TODAY)

    rows = {each.level: (each.customers_before, each.customers_after) for each in found.levels}
    assert found.moved == 2
    assert rows["Only one"] == (0, 2)
    assert (rows["Payment reminder"], rows["Second reminder"]) == ((1, 0), (1, 0))


def test_the_default_as_it_is_moves_nobody(session, company_id, plan, ledger):
    assert effect_of_default(session, company_id=company_id, plan_id=plan.id, today=TODAY).nothing
