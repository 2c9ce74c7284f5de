"""What decides about a customer is read once in a transaction, and again after anything that may change it."""

import pytest

from arfollow import database
from arfollow.database import touch, waited
from arfollow.followup.operations.recording import facts_for, lock
from arfollow.followup.operations.reminding import remind_manually
from tests.factories import TODAY, books


@pytest.fixture
def debtor(site):
    """The books open for writing, and the click of a clerk on a customer that owes one invoice."""
    with books(site) as opened:
        customer_id = opened.debtor()
        opened.session.flush()
        touch(opened.session, [customer_id])
        yield opened, opened.click(customer_id)


def test_facts_are_read_once(debtor):
    opened, click = debtor

    assert facts_for(opened.session, click) is facts_for(opened.session, click)


def test_facts_show_what_was_written_meanwhile(debtor):
    opened, click = debtor
    before = facts_for(opened.session, click)

    opened.invoice(click.customer_id, "50.00")

    after = facts_for(opened.session, click)
    assert (len(before.account.items), len(after.account.items)) == (1, 2)


def test_facts_show_what_is_changed_and_not_written_yet(debtor):
    opened, click = debtor
    state = lock(opened.session, click)
    facts_for(opened.session, click)

    state.snoozed_until = TODAY

    assert facts_for(opened.session, click).standing.snoozed_until == TODAY


def test_facts_show_what_was_taken_back_to_a_savepoint(debtor):
    opened, click = debtor
    savepoint = opened.session.begin_nested()
    remind_manually(opened.session, click, on=TODAY.replace(day=28))
    assert facts_for(opened.session, click).standing.manual_on is not None

    savepoint.rollback()

    assert facts_for(opened.session, click).standing.manual_on is None


def test_facts_are_read_again_in_the_next_transaction(debtor):
    opened, click = debtor
    before = facts_for(opened.session, click)

    database.commit(opened.session)
    database.begin_write(opened.session)

    assert facts_for(opened.session, click) is not before


def test_facts_are_read_again_where_others_may_have_been_waited_for(debtor):
    opened, click = debtor
    before = facts_for(opened.session, click)

    waited(opened.session)

    is_alone = opened.session.get_bind().dialect.name == "sqlite"
    assert (facts_for(opened.session, click) is before) is is_alone
