"""What keeps a level that is due from bringing its customer up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from arfollow.levels.rules.facts import Facts, Standing
from arfollow.levels.rules.outlook import Rest, outlook
from arfollow.levels.rules.steps import LevelTerms, Place, PlanTerms
from arfollow.receivables.rules.accounts import Account, OpenItem

TODAY = date(2026, 11, 21)
PLAN = PlanTerms(
    id=1,
    name="Standard",
    levels=tuple(
        LevelTerms(id=n, name=f"L{n}", days=days, deadline_days=10) for n, days in enumerate((15, 17))
    ),
    contact_gap_days=20,
)


def item(item_id, late):
    due = TODAY - timedelta(days=late)
    return OpenItem(
        id=item_id,
        invoice=f"I{item_id}",
        instalment=1,
        invoice_date=due - timedelta(days=30),
        due_date=due,
        currency="EUR",
        amount=100,
        residual=100,
    )


def known(*items, done_at):
    places = {items[0].id: Place(done_at, TODAY)}
    standing = Standing(last_done_on=TODAY, last_deadline_days=10, places=places)
    account = Account(as_of=TODAY, items=items, unapplied={}, promises=(), hold_until=None)
    return Facts(account=account, plan=PLAN, standing=standing)


@pytest.mark.parametrize(
    ("facts", "days", "rest"),
    [
        (known(item(1, 20), done_at=0), 10, Rest.DEADLINE),
        (known(item(1, 20), item(2, 14), done_at=1), 20, Rest.GAP),
        (known(item(1, 20), item(2, -10), done_at=1), 25, None),
    ],
    ids=["escalates", "goes no higher", "is reached later"],
)
def test_the_next_day_says_what_it_had_to_wait_for(facts, days, rest):
    found = outlook(facts, TODAY)

    assert (found.next_on, found.rest) == (TODAY + timedelta(days=days), rest)


@pytest.mark.parametrize(
    ("standing", "days"),
    [
        (Standing(other_message_on=TODAY), 20),
        (Standing(other_message_on=TODAY - timedelta(days=19)), 1),
        (Standing(other_message_on=TODAY - timedelta(days=20)), None),
        (Standing(last_message_on=TODAY), None),
        (Standing(other_message_on=TODAY, last_done_on=TODAY, last_deadline_days=25), 25),
        (Standing(other_message_on=TODAY, places={1: Place(0, TODAY - timedelta(days=30))}), None),
    ],
    ids=["today", "almost over", "over", "a follow-up's own", "the deadline is longer", "it escalates"],
)
def test_the_first_level_leaves_the_gap_after_what_something_else_sent(standing, days):
    facts = replace(known(item(1, 60), done_at=0), standing=standing)

    found = outlook(facts, TODAY)

    assert found.listed == (days is None)
    if days:
        assert (found.next_on, found.now.on) == (TODAY + timedelta(days=days),) * 2


def test_a_hold_that_ends_is_no_rest_after_a_contact():
    facts = known(item(1, 20), done_at=0)
    held = replace(facts, account=replace(facts.account, hold_until=TODAY + timedelta(days=30)))

    found = outlook(held, TODAY)

    assert (found.next_on, found.rest) == (TODAY + timedelta(days=31), None)
