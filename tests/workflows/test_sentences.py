from dataclasses import replace
from datetime import date

import pytest

from arfollow.profiles.words import EVENTS as EVENT_WORDS
from arfollow.workflows.rules.conditions import All, Not, Operator, Some, Test
from arfollow.workflows.rules.definition import TIMED_OUT, Kind, Trigger
from arfollow.workflows.rules.facts import FACTS
from arfollow.workflows.rules.triggers import EVENTS
from arfollow.workflows.words import names
from arfollow.workflows.words.conditions import condition_words
from arfollow.workflows.words.entries import SAID
from arfollow.workflows.words.sentences import again_words, day_zero_words, step_words, trigger_words
from tests.workflows.walking import branch, definition, step, wait


@pytest.fixture(autouse=True)
def request_context(sqlite_site):
    """Sentences are in the page's language."""
    with sqlite_site.app.test_request_context():
        yield


def fact(name, operator, value=None):
    return Test(fact=name, operator=Operator(operator), value=value)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (None, ""),
        (fact("lists", "contains", "Subscriptions"), "on the list “Subscriptions”"),
        (fact("invoice.paid", "is", value=True), "invoice paid"),
        (fact("invoice.paid", "is", value=False), "invoice paid is no"),
        (fact("money.overdue", "more", 10_050), "overdue amount is more than EUR 100.50"),
        (fact("event.opted_out", "known"), "it has happened: opted out"),
        (fact("days_to.field.contract_end", "at_most", 30), "days until: contract end is at most 30"),
        (
            fact("purchases.last", "less", date(2026, 11, 20)),
            "day of the last purchase is less than 20 Nov 2026",
        ),
        (
            All(
                parts=(fact("customer.mobile", "known"), Some(parts=(fact("consent.sms", "is", value=True),)))
            ),
            "mobile number is known and (agreed to marketing by text message)",
        ),
        (Not(part=fact("customer.closed", "is", value=True)), "not (account closed)"),
        (Not(part=fact("lists", "contains", "Bikes")), "not on the list “Bikes”"),
    ],
)
def test_a_condition_is_said_as_people_would(condition, words):
    assert condition_words(condition, "EUR").replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (wait("w", 3, unit="working_days", at="09:00"), "3 working days later, at 09:00"),
        (wait("w", 1, unit="months", only_working_days=True), "1 month later, on a working day"),
        (
            step("u", Kind.WAIT_UNTIL, field="campaign.day", days=-1, at="10:00"),
            "1 day before: day of the campaign, at 10:00",
        ),
        (
            step("f", Kind.WAIT_FOR, branch("replied"), branch(TIMED_OUT), amount=3, of="mail"),
            "replied; if not: 3 days later · Hello",
        ),
        (step("m", words={"de": {"subject": "Hallo {{ customer_name }}"}}), "“Hallo …”"),
        (step("g", Kind.GO_TO, step="mail"), "→ Hello"),
        (step("g", Kind.GO_TO), "→ (nothing chosen yet)"),
        (step("s", Kind.SET_FIELD, field="field.vip_status", value="gold"), "vip status = gold"),
    ],
)
def test_a_block_says_what_it_does(made, words):
    assert step_words(made, {"mail": "Hello"}, "de") == words


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        ("by_hand", {}, "By hand: you choose the customers"),
        ("due", {"days": -3}, "3 days before an invoice falls due, while it is open"),
        ("word", {"word": "learn"}, "When a text message begins with “LEARN”"),
        ("inactivity", {"amount": 6, "unit": "months"}, "When there was no purchase for 6 months"),
        ("purchases", {"at_least": 1, "within_months": 1}, "After at least 1 purchase within 1 month"),
        ("date", {"field": "field.lease_start", "days": 80}, "Each customer, 80 days after: lease start"),
    ],
)
def test_a_trigger_is_a_sentence(kind, settings, words):
    assert trigger_words(Trigger(kind=kind, settings=settings)) == words


def test_the_timeline_says_which_day_it_begins_on():
    first = Trigger(kind="date", settings={"field": "purchases.first", "days": 45})

    assert day_zero_words(first) == "Day 0: 45 days after: day of the first purchase"
    assert day_zero_words(Trigger(kind="due", settings={"days": -5})) == (
        "Day 0: 5 days before: due date of the invoice"
    )
    assert day_zero_words(Trigger(kind="by_hand")) == ""


def test_a_day_enrols_again_when_it_is_another():
    by_day = replace(definition(step("mail")), trigger=Trigger(kind="date", settings={"field": "field.x"}))

    assert again_words(by_day) == "Again for another such day only"
    assert again_words(definition(step("mail"))) == "Once only: nobody enters twice"


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_an_event_that_the_program_knows_has_words(kind):
    assert kind in EVENT_WORDS


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_a_fact_has_words(fact):
    assert fact in names.FACTS


@pytest.mark.parametrize(
    ("tag", "facts", "words"),
    [
        ("entered", {"version": 2}, "Enters “Track”, version 2"),
        ("left", {"reason": "goal"}, "Leaves “Track”: its goal is reached"),
        ("left", {"reason": "removed", "why": "Asked"}, "Leaves “Track”: taken out: Asked"),
        (
            "skipped",
            {"reason": "Asked", "called": "", "kind": "sms"},
            "Skips “Send a text message”, in “Track”: Asked",
        ),
        ("moved", {"reason": "Asked", "called": "Call"}, "Is moved to “Call”, in “Track”: Asked"),
        ("moved", {"reason": "Asked", "version": 3}, "Goes on in version 3, in “Track”: Asked"),
        ("restarted", {"reason": "Asked"}, "Begins anew, in “Track”: Asked"),
    ],
)
def test_an_entry_is_said_by_its_facts_and_as_it_was_recorded_without_the_workflow_s_name(tag, facts, words):
    say = SAID[f"workflow:{tag}"]

    assert say({"name": "Track", **facts}) == words
    assert say(facts) == ""
