"""The dry run shows what would be sent, and sends and keeps nothing."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
from sqlalchemy import func, select

from arfollow import clock
from arfollow.access import Role
from arfollow.database import Table
from arfollow.profiles.operations.lists import ListFields, add_list
from arfollow.workflows.examples import example
from arfollow.workflows.operations.drafts import save_draft
from tests.factories import books
from tests.workflows.triggered import put_on

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def rehearsal(site):
    """The dry run of the collection example, for an auditor; gives its visitor and address."""
    with clock.moved_to(NOON):
        with books(site) as book:
            book.debtor("Bäckerei Ümit", ("620.50", 20), number="C-1", language="de")
        with site.writing() as session:
            workflow_id = save_draft(
                session,
                company_id=site.company_id,
                definition=example("collection").definition,
                who="Maria",
            )
        yield site.sign_in(Role.AUDITOR), f"/workflows/{workflow_id}/dry-run"


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.get_data(as_text=True))


def rows(site):
    with site.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Table.metadata.sorted_tables
        }


def test_every_message_is_shown_in_each_language(rehearsal):
    visitor, address = rehearsal

    shown = text(visitor.get(f"{address}?customer=C-1"))

    assert "Die Zahlung für Ihr Abonnement ist nicht eingegangen" in shown
    assert "We could not collect the payment for your subscription" in shown
    assert "Bäckerei Ümit" in shown


def test_what_was_filled_in_for_one_customer_says_nothing_of_the_next(rehearsal):
    visitor, address = rehearsal
    filled = "f.customer.mobile=%2B49+170+1"

    assert 'value="+49 170 1"' in text(visitor.get(f"{address}?customer=C-1&known-of=C-1&{filled}"))
    assert 'value="+49 170 1"' not in text(visitor.get(f"{address}?customer=C-1&known-of=&{filled}"))


def test_a_customer_is_found_by_name(rehearsal):
    visitor, address = rehearsal

    assert "C-1 · Bäckerei Ümit" in text(visitor.get(f"{address}?customer=bäckerei"))
    assert "Not one customer" in text(visitor.get(f"{address}?customer=nobody"))


def test_what_happens_leads_to_the_call(rehearsal):
    visitor, address = rehearsal
    nothing = '["next", "", "", {}]'

    shown = text(
        visitor.get(address, query_string={"a": [nothing, nothing], "f.customer.mobile": "+49 170 1"})
    )

    assert "Text message with the payment link" in shown
    assert "The collection team calls" in shown
    assert "The customer has come to the end." in shown


def test_what_a_form_tells_becomes_a_part_of_the_address(rehearsal):
    visitor, address = rehearsal

    answer = visitor.get(f"{address}?do=event&kind=confirmed&of=mail&e.note=yes&start=2026-12-01")

    assert answer.status_code == 303
    assert "start=2026-12-01" in answer.location
    assert "3 days to pay" in text(visitor.get(answer.location))


def test_nothing_is_kept_or_sent(rehearsal, site):
    visitor, address = rehearsal
    before = rows(site)

    for action in ('["next", "", "", {}]', '["pay", "", "", {}]', '["event", "confirmed", "mail", {}]'):
        text(visitor.get(address, query_string={"a": [action], "customer": "C-1"}))

    assert rows(site) == before


@pytest.mark.parametrize("action", ["", "[]", "{", '["event", "", "", {}]', '["day", 1, 2, 3]', "[" * 5000])
def test_what_cannot_be_read_in_the_address_is_left_out(rehearsal, action):
    visitor, address = rehearsal

    assert "What happens next?" in text(visitor.get(address, query_string={"a": [action]}))


def test_a_customer_reads_what_would_really_be_sent(rehearsal, site):
    visitor, address = rehearsal
    with books(site) as book:
        customer_id = book.customer("Nord", number="C-2", language="en")
        book.invoice(customer_id, "77.10", late=20, number="R-77")

    shown = text(visitor.get(f"{address}?customer=C-2"))

    assert "Your subscription payment of EUR\N{NO-BREAK SPACE}77.10 (invoice R-77) was due on" in shown
    assert "/l/" in shown


def test_a_campaign_is_chosen_from_the_customers_lists(site):
    with books(site) as book:
        customer_id = book.customer("Nord", number="C-2", language="en")
    with site.writing() as session:
        fields = ListFields(name="Open day", day=date(2026, 12, 10), time="18:00", place="Hall 3")
        add_list(session, company_id=site.company_id, fields=fields, who="Maria")
        made = example("campaign-with-event").definition
        workflow_id = save_draft(session, company_id=site.company_id, definition=made, who="Maria")
    put_on(site, customer_id, "Open day")

    answer = site.sign_in(Role.AUDITOR).get(f"/workflows/{workflow_id}/dry-run?customer=C-2")

    assert "invite you to “Open day”." in text(answer)
    assert "Hall 3" in text(answer)
    assert "In truth this is skipped: the customer has not agreed" in text(answer)
