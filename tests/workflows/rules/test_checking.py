from dataclasses import replace

import pytest

from arfollow.workflows.rules.acting import ACTING
from arfollow.workflows.rules.checking import MOVING, problems
from arfollow.workflows.rules.conditions import Operator, Test
from arfollow.workflows.rules.definition import (
    MOVES,
    OTHERWISE,
    TIMED_OUT,
    Definition,
    Kind,
    Trigger,
    Whenever,
)
from tests.workflows.walking import branch, definition, step, wait

WORDS = {"en": {"title": "Call", "text": "Call them."}}
MAIL = {"en": {"subject": "Call", "text": "Call them."}}
CALL = step("call", Kind.ACTIVITY, words=WORDS)
PAID = Test(fact="invoice.paid", operator=Operator.IS, value=True)
MOON = Test(fact="moon", operator=Operator.KNOWN)


def said(made):
    return [f"{each.step}: {each.words}" for each in problems(made, acting=ACTING)]


def test_every_kind_of_step_says_what_it_can_be_set_to():
    assert set(MOVING) == MOVES
    assert set(ACTING) == set(Kind) - MOVES


def test_what_is_whole_can_be_published():
    made = definition(
        CALL,
        step(
            "reply",
            Kind.WAIT_FOR,
            branch("replied", step("done", Kind.END)),
            branch(TIMED_OUT, wait("w")),
            amount=3,
            of="call",
        ),
        step("again", Kind.RESTART),
    )

    assert said(made) == []


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ([wait("w")], ": The workflow does nothing yet: add a step that does something."),
        ([CALL, CALL], "call: Two steps have the same key."),
        ([step("call", Kind.ACTIVITY)], "call: “Words” is missing."),
        ([CALL, step("x", Kind.WAIT, amount=-1)], "x: “How long” has to be at least 0."),
        ([CALL, step("x", Kind.WAIT, amount=99_999_999_999)], "x: “How long” has to be at most 36500."),
        (
            [CALL, step("x", Kind.WAIT, amount=1_201, unit="months")],
            "x: “How long” has to be at most 1200.",
        ),
        (
            [CALL, step("x", Kind.WAIT, amount=1, at="noon")],
            "x: “At (time of day)” has to be a time, such as 09:00.",
        ),
        ([CALL, step("x", Kind.WAIT, amount=1, unit="moons")], "x: “Counted in” has to be one of minutes,"),
        ([CALL, step("x", Kind.GO_TO, step="nowhere")], "x: There is no step “nowhere” to refer to."),
        (
            [CALL, step("x", Kind.WAIT_FOR, branch("paid"), amount=1)],
            "x: Say what happens when nothing comes.",
        ),
        (
            [CALL, step("x", Kind.WAIT_FOR, branch("paid"), branch(TIMED_OUT))],
            "x: Say how long it waits: an amount, or up to a day.",
        ),
        (
            [CALL, step("x", Kind.WAIT_FOR, branch("p"), branch(TIMED_OUT), amount=1, of=["call", "y"])],
            "x: There is no step “y” to refer to.",
        ),
        (
            [CALL, step("x", Kind.WAIT_UNTIL, field="moon")],
            "x: “Day or field” names “moon”, which is not known.",
        ),
        (
            [CALL, step("x", Kind.BRANCH, branch("a", condition=MOON), branch(OTHERWISE))],
            "x: There is no fact “moon”.",
        ),
        ([step("x", Kind.ACTIVITY, words=WORDS, who="person")], "x: Say who the person is."),
        (
            [step("x", Kind.NOTIFY, words=MAIL, who="person", person="Workshop")],
            "x: “Workshop” is no e-mail address: nobody would be told.",
        ),
        (
            [step("x", Kind.ACTIVITY, words=WORDS, who="sales", person="workshop@example.com")],
            "x: An address is given, but it is for somebody else",
        ),
        ([CALL, step("x", Kind.WAIT_FOR, branch(TIMED_OUT), amount=1)], "x: Say what is waited for."),
        ([CALL, step("x", Kind.BRANCH, branch(OTHERWISE))], "x: Add a path with a condition."),
        ([CALL, step("x", Kind.BRANCH, branch("a"), branch(OTHERWISE))], "x: A path has no condition."),
        ([CALL, step("x", Kind.WAIT, branch("a"), amount=1)], "x: Only a wait for an event or a branch"),
        ([step("x", Kind.END), CALL], "call: Nobody gets here: the step before leads elsewhere."),
        ([CALL, step("x", Kind.RESTART)], "x: This leads back without a wait between: add one."),
        ([step("x", Kind.WEBHOOK, address="http://x")], "x: “Address” has to begin with https://."),
        (
            [step("x", Kind.EMAIL, words={"en": {"subject": "Hi"}})],
            "x: In the language en, “Text” is missing.",
        ),
        ([step("x", Kind.EMAIL, wordz={})], "x: There is no setting “wordz”."),
    ],
)
def test_what_is_missing_is_said_at_the_step(route, words):
    assert any(each.startswith(words) for each in said(definition(*route))), said(definition(*route))


def test_a_trigger_is_needed():
    for trigger, words in (("moon", "Say what enrols"), ("date", "“Day or field” is missing")):
        made = Definition(name="x", trigger=Trigger(kind=trigger), route=(CALL,))

        assert any(words in each for each in said(made))


def test_paths_that_all_lead_elsewhere_leave_nobody_behind_them():
    made = definition(
        CALL,
        step(
            "b",
            Kind.BRANCH,
            branch("a", step("e1", Kind.END), condition=PAID),
            branch(OTHERWISE, step("e2", Kind.END)),
        ),
        step("late", Kind.ACTIVITY, words=WORDS),
    )

    assert said(made) == ["late: Nobody gets here: the step before leads elsewhere."]


def test_routes_that_events_start_lead_forward_and_stay_in_themselves():
    made = replace(
        definition(CALL),
        whenever=(
            Whenever(
                event="replied", route=(step("note", Kind.ACTIVITY, words=WORDS), step("x", Kind.RESTART))
            ),
            Whenever(event="opened", route=(step("y", Kind.GO_TO, step="call"),)),
        ),
    )

    assert "x: A route that an event starts leads forward only." in said(made)
    assert "y: “call” is not in this route." in said(made)


def test_the_goal_looks_at_nothing_that_changes_unnoticed():
    far = Test(fact="days_to.field.contract_end", operator=Operator.LESS, value=3)

    assert said(definition(CALL, goal=far)) == [": The goal cannot look at how far away a day is."]


@pytest.mark.parametrize(
    ("field", "is_day"),
    [
        ("field.lease_start", True),
        ("purchases.first", True),
        ("customer.name", False),
        ("campaign.day", False),
    ],
)
def test_a_date_that_enrols_is_a_day_of_the_customer(field, is_day):
    made = replace(definition(CALL), trigger=Trigger(kind="date", settings={"field": field}))

    found = [words for words in said(made) if "is no day of the customer" in words]

    assert len(found) == (not is_day)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("due", {"days": 100_000}),
        ("inactivity", {"amount": 1_201, "unit": "months"}),
        ("purchases", {"at_least": 1, "within_months": 1_201}),
    ],
)
def test_what_enrols_stays_within_the_calendar(kind, settings):
    made = replace(definition(CALL), trigger=Trigger(kind=kind, settings=settings))

    assert any("has to be at most" in each for each in said(made))
