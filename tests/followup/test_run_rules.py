"""What a bulk run does with a customer, by what its level asks for and what stands in the way."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from arfollow.followup.runs.rules import Planned, Prospect, Why, plan
from arfollow.levels.rules.facts import Begun, Facts, Standing
from arfollow.levels.rules.steps import LevelTerms, Place, PlanTerms, Timing
from arfollow.receivables.rules.accounts import Account, OpenItem

DAY = date(2026, 11, 23)


def facts(*actions, days=15, late=20, unapplied=0, hold_until=None, **standing):
    """One item of EUR 100.00, so many days late, in a plan whose only level asks for these actions."""
    due = DAY - timedelta(days=late)
    item = OpenItem(
        id=1,
        invoice="R-1",
        instalment=1,
        invoice_date=due - timedelta(days=30),
        due_date=due,
        currency="EUR",
        amount=10_000,
        residual=10_000,
    )
    level = LevelTerms(id=7, name="First", days=days, actions=actions)
    return Facts(
        account=Account(
            as_of=DAY,
            items=(item,),
            unapplied={"EUR": unapplied} if unapplied else {},
            promises=(),
            hold_until=hold_until,
        ),
        plan=PlanTerms(id=1, name="Plan", levels=(level,)),
        standing=Standing(**standing),
    )


def prospect(known, **around):
    given = {"has_email": True, "has_street": True, "has_sender": True}
    return Prospect(facts=known, **(given | around))


def begun():
    return Begun(level=0, places={1: Place(0, DAY)})


@pytest.mark.parametrize(
    ("actions", "around", "sends", "remains"),
    [
        (("email",), {}, ("email",), ()),
        (("letter",), {}, ("letter",), ()),
        (("email", "letter"), {}, ("email", "letter"), ()),
        (("email", "todo"), {}, ("email",), ("todo",)),
        (("email", "letter"), {"has_email": False}, ("letter",), ("email",)),
        (("email", "letter"), {"has_street": False}, ("email",), ("letter",)),
        (("email", "letter"), {"has_sender": False}, ("letter",), ("email",)),
    ],
)
def test_what_goes_and_what_stays_for_a_person(actions, around, sends, remains):
    found = plan(prospect(facts(*actions), **around), DAY)

    assert (found.sends, found.remains, found.why) == (sends, remains, None)
    assert found.claimed == {"EUR": 10_000}
    assert found.level_id == 7
    assert found.is_all == (not remains)


@pytest.mark.parametrize(
    ("known", "around", "why"),
    [
        (facts("email"), {"has_email": False}, Why.NO_ADDRESS),
        (facts("letter"), {"has_street": False}, Why.NO_ADDRESS),
        (facts("email"), {"has_sender": False}, Why.NO_SENDER),
        (facts("todo"), {}, Why.BY_HAND),
        (facts("email"), {"taken_back": frozenset({"email"})}, Why.BY_HAND),
        (facts("email"), {"written_to": True}, Why.WRITTEN),
        (facts("email"), {"is_open_elsewhere": True}, Why.OPENED),
        (facts("email", late=3), {"written_to": True}, Why.WRITTEN),
        (facts("email", late=3), {}, Why.NOT_LISTED),
        (facts("email", unapplied=10_000), {}, Why.COVERED),
        (facts("email", hold_until=DAY), {}, Why.HELD),
        (facts("email", undelivered=True), {}, Why.UNDELIVERED),
        (facts("email", manual_on=DAY, late=3), {}, Why.UNDECIDED),
        (facts("email", late=-1, days=30, task_on=DAY), {}, Why.BY_HAND),
    ],
)
def test_who_gets_nothing_and_why(known, around, why):
    found = plan(prospect(known, **around), DAY)

    assert (found.sends, found.why, found.claimed) == ((), why, {})
    assert not found.is_all


def test_a_task_that_is_due_keeps_its_customer_on_the_list():
    found = plan(prospect(facts("email", task_on=DAY)), DAY)

    assert (found.sends, found.remains) == (("email",), ("task",))


def test_what_is_recorded_already_is_not_done_again():
    known = facts("email", "letter", begun=begun())

    found = plan(prospect(known, recorded=frozenset({"email"})), DAY)

    assert (found.sends, found.remains) == (("letter",), ())


def test_when_all_is_recorded_only_done_is_missing():
    known = facts("email", begun=begun())

    found = plan(prospect(known, recorded=frozenset({"email"})), DAY)

    assert found == Planned(level_id=7)
    assert found.is_all


def test_a_courtesy_reminder_goes_out_before_anything_is_overdue():
    found = plan(prospect(facts("email", days=-5, late=-3)), DAY)

    assert (found.sends, found.claimed) == (("email",), {})


def test_a_level_after_a_courtesy_reminder_may_be_due_before_the_item_is():
    known = facts("email", days=-5, late=-1, places={1: Place(0, DAY - timedelta(days=4))})
    second = LevelTerms(id=8, name="Second", timing=Timing.AFTER_PREVIOUS, days=3, actions=("email",))
    levels = (*known.plan.levels, second)

    found = plan(prospect(replace(known, plan=replace(known.plan, levels=levels))), DAY)

    assert (found.level_id, found.sends) == (8, ("email",))


def test_nothing_is_sent_that_would_claim_nothing():
    known = facts("email", days=-5, late=-3)
    covered = replace(known, account=replace(known.account, unapplied={"EUR": 9_999}))

    assert plan(prospect(covered), DAY).sends == ("email",)
    assert plan(prospect(facts("email", unapplied=10_001)), DAY).why is Why.COVERED
