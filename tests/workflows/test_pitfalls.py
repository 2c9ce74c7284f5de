"""What went wrong in other systems with workflows, and what holds that it does not here.

Each line of the table is a real report against another system, in its words. Most are held by tests of the parts that they are
about; those that nobody else tests are here. A test that is renamed or taken away without another in its place fails below.
"""

import ast
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from arfollow import clock, database
from arfollow.delivery.tables import Delivery
from arfollow.followup.tables import ListRow
from arfollow.profiles.operations import record_event, set_field
from arfollow.profiles.tables import CustomerEvent
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.rules.definition import Kind
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun
from tests.factories import TODAY, books
from tests.workflows.messages.conftest import desk, umit  # noqa: F401 - fixtures
from tests.workflows.test_working import call, enter, runs
from tests.workflows.triggered import at, by, entries
from tests.workflows.walking import definition, step, wait

TESTS = Path(__file__).resolve().parents[1]
HERE = "workflows/test_pitfalls.py"
HELD_BY = {
    "overlapping workers send twice": (
        "crash/test_workflows.py::test_each_step_is_done_once_whoever_is_killed",
        "workflows/test_against_the_play.py::test_no_step_comes_twice_and_none_is_skipped_whatever_stops_the_worker",
        "workflows/messages/test_messages.py::test_a_crash_after_the_step_and_before_its_commit_leaves_one_message",
        "delivery/operations/test_sending.py::test_each_delivery_is_claimed_by_one_of_many_workers",
    ),
    "a timeout after the message was taken, then a second copy": (
        "delivery/texts/test_killed.py::test_a_text_whose_worker_died_is_in_doubt_and_never_sent_again",
        "delivery/texts/test_gateway.py::test_a_gateway_that_hangs_up_without_a_word_leaves_a_doubt",
        "workflows/messages/test_texts.py::test_one_that_may_have_arrived_is_not_sent_again",
        "workflows/messages/test_webhooks.py::test_what_may_have_been_taken_is_not_told_twice",
    ),
    "one recipient's failure repeats the batch": (
        f"{HERE}::test_one_recipients_failure_does_not_repeat_the_batch",
        "workflows/test_working.py::test_a_day_beyond_the_calendar_holds_up_nobody_else",
        "workflows/test_working.py::test_a_step_that_fails_says_why_and_the_route_goes_on",
    ),
    "“once” entered four times (a unique constraint, not a check)": (
        f"{HERE}::test_once_is_a_unique_constraint_and_not_a_check",
        "workflows/test_working.py::TestWhoMayEnter::test_is_in_it_but_once",
        "portal/test_at_once.py::test_a_promise_is_made_once_by_four_clicks_at_once",
    ),
    "edits to a live workflow strand whoever is behind them (pin versions)": (
        "workflows/test_working.py::TestPublishing::test_makes_a_version_that_stays",
        "workflows/test_steering.py::TestAnotherVersion::test_goes_on_at_the_step_of_the_same_key",
        "workflows/test_steering.py::TestAnotherVersion::test_asks_where_to_go_on_when_the_step_is_gone",
        "workflows/test_steering.py::TestAnotherVersion::test_leaves_those_behind_for_whom_nobody_chose_a_step",
        "workflows/test_drafting.py::test_keys_of_steps_that_are_gone_stay_used",
    ),
    "republishing fires the whole backlog": (
        "workflows/test_going_on.py::TestPublishingAgain::test_fires_nothing_again_and_forgets_no_day",
        "workflows/test_going_on.py::TestPublishingAgain::test_with_another_day_begins_anew",
        "workflows/test_going_on.py::TestAPause::test_fires_nothing_of_what_came_in_between",
        "workflows/test_triggering.py::TestAnEvent::test_before_publishing_is_past_however_late_it_is_told",
        "workflows/test_triggering.py::TestADueDate::test_that_was_reached_before_publishing_is_past",
    ),
    "equality on the day, so that a missed day loses the reminder for ever": (
        "workflows/test_triggering.py::TestADate::test_that_was_missed_while_nobody_worked_is_made_up_for_once",
        "workflows/test_triggering.py::TestADueDate::test_of_an_invoice_that_comes_late_is_not_forgotten",
        "workflows/test_steering.py::test_after_downtime_each_step_comes_once",
    ),
    "dates compared in UTC are off by one": (
        f"{HERE}::test_days_begin_where_the_company_is_and_not_in_utc",
        f"{HERE}::test_a_step_on_a_day_comes_on_that_day_where_the_customer_is",
        "workflows/rules/test_waits.py::test_a_date_is_that_of_the_customers_place",
        "workflows/rules/test_waits.py::test_a_wait_in_berlin_ends_on_its_clocks",
    ),
    "opens are not people (mail clients prefetch pixels)": (
        f"{HERE}::test_a_message_fetches_nothing_so_that_only_people_open_it",
        "portal/test_links.py::test_a_scanner_that_opens_everything_changes_nothing",
        "portal/test_links.py::test_the_button_is_told_to_the_workflow_once",
    ),
    "links that scanners open: a GET changes nothing": (
        "portal/test_links.py::test_looking_at_what_it_opens_changes_nothing_either",
        "portal/test_acting.py::test_one_click_is_for_that_alone",
    ),
    "workflow and dunning both write to one debtor (one contact gap for all, one stop)": (
        f"{HERE}::test_follow_up_leaves_in_peace_to_whom_a_workflow_wrote",
        "workflows/messages/test_money.py::TestTheContactGap::test_counts_a_follow_up_that_was_done",
        "workflows/messages/test_money.py::TestTheContactGap::test_delays_what_another_has_sent_before",
        "workflows/messages/test_money.py::test_it_is_skipped_at_the_step",
        "workflows/messages/test_money.py::test_it_does_not_leave",
    ),
    "a mail claimed but sent after the payment came in": (
        "workflows/messages/test_money.py::test_what_reaches_the_goal_before_it_leaves_cancels_it",
        "workflows/messages/test_letters.py::test_what_is_paid_before_it_is_written_is_not_written",
    ),
    "mail queued with no address": (
        "workflows/messages/test_messages.py::test_what_nobody_can_be_reached_by_is_skipped",
        "workflows/messages/test_texts.py::test_a_number_that_is_gone_by_then_cancels_it",
    ),
    "letter half in the clerk's language, half in the customer's": (
        "workflows/messages/test_messages.py::test_an_email_goes_out_in_the_customers_language",
        "workflows/messages/test_colleagues.py::TestANotice::test_names_the_customer_in_the_language_of_its_reader",
    ),
    "template injection in the text": (
        "workflows/test_variables.py::test_what_cannot_be_used_is_named",
        "workflows/messages/test_messages.py::test_a_name_that_looks_like_a_variable_or_a_link_stays_text",
    ),
    "addresses inside the own network are called": (
        "workflows/messages/test_webhooks.py::test_nothing_in_a_private_network_is_told",
        "delivery/texts/test_gateway.py::test_a_name_that_leads_into_a_private_network_is_refused",
    ),
}


@cache
def names_in(path):
    """The names of the tests in a file, those of a class after the class's."""
    names = set()
    for node in ast.parse((TESTS / path).read_text()).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return names


@pytest.mark.parametrize("pitfall", HELD_BY)
def test_every_pitfall_is_held_by_tests_that_there_are(pitfall):
    gone = [
        name for name in HELD_BY[pitfall] if name.partition("::")[2] not in names_in(name.partition("::")[0])
    ]

    assert HELD_BY[pitfall]
    assert gone == []


HELLO = {"en": {"subject": "Hello", "text": "Good morning.\n{{ pay_link }}"}}
PLEASE = {"en": {"subject": "Please pay", "text": "You owe {{ total_due }}."}}


def mail(*, words=HELLO, purpose="service"):
    return step("mail", Kind.EMAIL, words=words, purpose=purpose)


def know(site, customer_id, **fields):
    with site.writing() as session:
        for name, value in fields.items():
            set_field(
                session,
                company_id=site.company_id,
                customer_id=customer_id,
                name=name,
                value=value,
                who="Ana",
            )


def test_one_recipients_failure_does_not_repeat_the_batch(desk, umit):  # noqa: F811 - fixtures
    with books(desk.site) as book:
        others = [
            book.debtor(f"Café {name}", ("80.00", 20), number=name, email=f"{name}@example.com")
            for name in ("east", "west")
        ]
    until = step("day", Kind.WAIT_UNTIL, field="field.lease", days=1)
    for customer_id, lease in ((others[0], "2026-11-01"), (umit, "9999-12-31"), (others[1], "2026-11-01")):
        know(desk.site, customer_id, lease=lease)
        desk.run(until, mail(), customer_id=customer_id, name=f"Lease {customer_id}")

    for _ in range(3):
        desk.work()
        desk.send()

    sent = sorted(message["To"].addresses[0].addr_spec for message in desk.sink.messages)
    assert sent == ["east@example.com", "west@example.com"]


@pytest.mark.parametrize("table", [Enrolment, StepPosition, StepRun, Delivery, CustomerEvent])
def test_once_is_a_unique_constraint_and_not_a_check(desk, umit, table):  # noqa: F811 - fixtures
    with desk.day(), desk.site.writing() as session:
        record_event(
            session,
            company_id=desk.site.company_id,
            customer_id=umit,
            kind="sold",
            at=clock.now(),
            who="Ana",
        )
    desk.run(mail(), wait("w", 9), customer_id=umit)
    desk.work()

    with desk.site.reading() as session:
        row = session.execute(select(table.__table__)).mappings().one()
        again = {name: value for name, value in row.items() if name != "id"}
        with pytest.raises(IntegrityError, match=r"(?i)unique"):
            session.execute(insert(table.__table__).values(again))
        session.rollback()


@pytest.mark.parametrize(("hour", "enters"), [(22, False), (23, True)])
def test_days_begin_where_the_company_is_and_not_in_utc(site, published, hour, enters):
    """At eleven in the evening of UTC, Berlin's next day begins, on which the reminder is due."""
    published(by("due", days=1))
    with books(site) as book:
        customer_id = book.customer(number="C-1")
        book.invoice(customer_id, late=0, number="R-1")

    with clock.moved_to(datetime(2026, 11, 21, hour, 1, tzinfo=UTC)), site.app.app_context():
        work_workflows(database.current_session())

    assert entries(site) == [(customer_id, "R-1")] * enters


@pytest.mark.parametrize(
    ("timezone", "before", "after"),
    [("Pacific/Auckland", "21 19:59", "21 20:01"), ("Pacific/Honolulu", "22 18:59", "22 19:01")],
)
def test_a_step_on_a_day_comes_on_that_day_where_the_customer_is(site, published, timezone, before, after):
    """The customer's 22 November, at nine in the morning: in UTC that is a day before, or an evening."""
    workflow_id = published(
        definition(step("day", Kind.WAIT_UNTIL, field="field.lease", days=0, at="09:00"), call("one"))
    )
    with books(site) as book:
        customer_id = book.customer(number="C-1")
    with at():
        know(site, customer_id, timezone=timezone, lease="2026-11-22")
        enter(site, workflow_id, customer_id)

    done = []
    for moment in (before, after):
        now = datetime.fromisoformat(f"2026-11-{moment}").replace(tzinfo=UTC)
        with clock.moved_to(now), site.app.app_context():
            work_workflows(database.current_session())
        done.append([key for key, *_ in runs(site)])

    assert done == [[], ["one"]]


def test_a_message_fetches_nothing_so_that_only_people_open_it(desk, umit):  # noqa: F811 - fixtures
    desk.run(mail(), customer_id=umit)
    desk.work()
    desk.send()

    [message] = desk.sink.messages
    html = message.get_body(("html",)).get_content()
    fetched = re.findall(r"""(?i)<(?:img|link|script|iframe|object|embed|video|audio)\b|url\(|\bsrc=""", html)
    assert "/l/" in html
    assert fetched == []
    with desk.site.reading() as session:
        assert "opened" not in session.scalars(select(CustomerEvent.kind)).all()


@pytest.mark.parametrize("writes", [True, False])
def test_follow_up_leaves_in_peace_to_whom_a_workflow_wrote(desk, umit, writes):  # noqa: F811 - fixtures
    """A second invoice comes to the level of the first, two weeks after that was followed; a message about money is in between.

    An escalation, of which the first level is one, waits only for the deadline of the last follow-up: DESIGN, 3.3.
    """
    with books(desk.site, TODAY - timedelta(days=10)) as book:
        customer_id = book.debtor("Café Ost", ("80.00", 15), email="ost@example.com")
        book.done(customer_id)
    with books(desk.site) as book:
        book.invoice(customer_id, "90.00", late=13)
    if writes:
        ask = step("ask", Kind.EMAIL, words=PLEASE, purpose="money")
        desk.run(ask, customer_id=customer_id, days=4)
        desk.work(days=4)
        assert desk.runs() == [("ask", "done", "")]

    with books(desk.site, TODAY + timedelta(days=4)):
        pass

    with desk.site.reading() as session:
        row = session.get_one(ListRow, customer_id)
        assert (row.status, row.reason) == (("overdue", "left_in_peace") if writes else ("action", "level"))
