from datetime import timedelta

import pytest

from arfollow.followup.queries.forecast import Forecast, forecasts
from arfollow.followup.queries.on_a_day import listed_on
from arfollow.levels.operations import assign_plan
from arfollow.levels.queries.in_force import plans_in_force
from arfollow.levels.rules.steps import LevelTerms, PlanTerms
from tests.factories import TODAY, books

TOMORROW = TODAY + timedelta(days=1)


def plan(*days, name="Other"):
    levels = tuple(LevelTerms(id=-number, name=f"L{each}", days=each) for number, each in enumerate(days))
    return PlanTerms(id=0, name=name, levels=levels)


def would_do(session, company_id, terms):
    return forecasts(session, company_id=company_id, plans={"it": terms}, day=TOMORROW)["it"]


def test_a_plan_brings_up_those_who_have_reached_its_first_level(site):
    with books(site) as ledger:
        for late in (2, 8, 20):
            ledger.debtor("", ("100.00", late))

        found = would_do(ledger.session, site.company_id, plan(5, 10))

    assert found == Forecast(listed=2, levels=(("L5", 2),), looked_at=3, customers=3)


def test_the_plan_in_force_does_what_the_list_says(site):
    with books(site) as ledger:
        for late in (2, 14, 16, 33):
            ledger.done(ledger.debtor("", ("100.00", late + 15)))
            ledger.debtor("", ("100.00", late))
        known = plans_in_force(ledger.session, company_id=site.company_id, customer_ids=())
        listed = listed_on(ledger.session, company_id=site.company_id, day=TOMORROW, today=TODAY)

        found = would_do(ledger.session, site.company_id, known.by_id[known.default_id])

    assert found.listed == len(listed)
    assert dict(found.levels) == {
        name: sum(each.level == name for each in listed) for name in {each.level for each in listed}
    }


def test_customers_with_a_plan_of_their_own_keep_it(site):
    with books(site) as ledger:
        customer_id = ledger.debtor("", ("100.00", 20))
        assign_plan(
            ledger.session, company_id=site.company_id, customer_id=customer_id, plan_id=None, who="Ana"
        )

        found = would_do(ledger.session, site.company_id, plan(5))

    assert (found.listed, found.customers) == (0, 1)


def test_another_companys_customers_do_not_count(site):
    other = site.company()
    with books(site, company_id=other) as ledger:
        ledger.debtor("", ("100.00", 20))

        found = would_do(ledger.session, site.company_id, plan(5))

    assert found == Forecast(listed=0, levels=(), looked_at=0, customers=0)


@pytest.mark.parametrize(("customers", "partial"), [(2, False), (4, True)])
def test_more_customers_than_can_be_looked_at_are_said(customers, partial):
    found = Forecast(listed=0, levels=(), looked_at=2, customers=customers)

    assert found.is_partial is partial


def test_a_begun_follow_up_keeps_its_level_in_a_plan_with_fewer_of_them(site):
    with books(site, TODAY - timedelta(days=20)) as ledger:
        customer_id = ledger.debtor("", ("100.00", 20))
        ledger.done(customer_id)
    with books(site) as ledger:
        ledger.call(customer_id)

        found = would_do(ledger.session, site.company_id, plan(5))

    assert (found.listed, found.levels) == (1, (("L5", 1),))
