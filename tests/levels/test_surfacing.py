"""Who is on the list: properties that hold for any ledger, plan and day."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings

from arfollow.followup.rules import listing
from arfollow.levels.rules.explaining import Code, explain
from arfollow.levels.rules.outlook import moves
from arfollow.levels.rules.surfacing import decide, lasting
from arfollow.levels.rules.turning import ahead, next_chased, next_listed
from arfollow.receivables.rules.accounts import chased
from tests.levels.strategies import TODAY, facts

DAYS = [TODAY + timedelta(days=n) for n in range(130)]


@settings(max_examples=100, deadline=None)
@given(facts())
def test_the_answer_changes_only_on_turning_days(known):
    turning = set(ahead(known, TODAY).turning_days)

    for before, day in pairwise(DAYS):
        if day not in turning:
            assert decide(known, day) == decide(known, before), day


@settings(max_examples=100, deadline=None)
@given(facts())
def test_next_is_the_first_later_day_on_the_list(known):
    listed = [day for day in DAYS[1:] if decide(known, day).listed]
    chased_on = [day for day in DAYS[1:] if decide(known, day).reason is not None]

    assert min(listed, default=None) == _within(next_listed(known, TODAY))
    assert min(chased_on, default=None) == _within(next_chased(known, TODAY))


@given(facts())
def test_what_lasts_decides_as_if_it_was_worked_out_each_day(known):
    lasts = lasting(known, TODAY)

    for day in (TODAY + timedelta(days=n) for n in range(0, 120, 3)):
        assert decide(known, day, lasts) == decide(known, day)


def _within(day):
    return day if day in DAYS else None


@settings(max_examples=100, deadline=None)
@given(facts())
def test_the_stored_row_stands_until_the_day_it_says(known):
    rows = [listing(known, explain(known, day), day=day, ledger_day=None) for day in DAYS[:60]]
    changes_on = rows[0].changes_on

    for day, row in zip(DAYS[:60], rows, strict=True):
        if changes_on is None or day < changes_on:
            assert row == rows[0], day


@settings(max_examples=100, deadline=None)
@given(facts())
def test_nothing_is_offered_without_money_to_claim(known):
    decision = decide(known, TODAY)
    open_items = chased(known.account, TODAY, tolerances=known.tolerances)
    owed = {}
    for candidate in open_items:
        owed[candidate.item.currency] = owed.get(candidate.item.currency, 0) + candidate.amount

    if decision.reason is not None:
        assert any(amount > known.account.unapplied.get(currency, 0) for currency, amount in owed.items())
    if decision.actions and not decision.started:
        assert decision.steps
    if decision.actions:
        assert any(amount > known.account.unapplied.get(currency, 0) for currency, amount in owed.items())
    assert {step.chased for step in decision.steps} <= set(open_items)


@settings(max_examples=100, deadline=None)
@given(facts())
def test_every_day_has_an_explanation_that_agrees_with_the_list(known):
    explanation = explain(known, TODAY)

    assert explanation.next_on is None or explanation.next_on > TODAY
    assert (explanation.code.value in LISTED) == decide(known, TODAY).listed


LISTED = {"undelivered", "promise_broken", "task", "manual", "level", "started", "review", "cash"}


@settings(max_examples=100, deadline=None)
@given(facts())
def test_an_undelivered_message_keeps_its_customer_from_escalating(known):
    standing = replace(known.standing, undelivered=True, begun=None)
    decision = decide(replace(known, standing=standing), TODAY)
    items = chased(known.account, TODAY, tolerances=known.tolerances)
    followed = [standing.places[c.item.id].level for c in items if c.item.id in standing.places]

    assert all(step.to <= max(followed, default=-1) for step in decision.steps)
    assert decision.level is None or decision.level <= max(followed)
    assert decision.listed or decision.hidden


@settings(max_examples=100, deadline=None)
@given(facts())
def test_a_begun_follow_up_stands_as_it_was_frozen_whatever_is_reached_meanwhile(known):
    begun = known.standing.begun
    if begun is None:
        return
    decision, explanation = decide(known, TODAY), explain(known, TODAY)

    assert decision.level == begun.level
    assert explanation.step is None
    assert moves(known, decision, TODAY).places == begun.places
    assert explanation.code in {
        Code.UNDELIVERED,
        Code.PROMISE_BROKEN,
        Code.TASK,
        Code.STARTED,
        # A promise broken since ends a snooze, and is covered by credit perhaps.
        *({Code.SNOOZED, Code.SETTLED, Code.CASH} if decision.hidden else ()),
    }
