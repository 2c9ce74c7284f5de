"""What the worker makes of an e-mail that a clerk queued: frozen is what was decided, read anew is what is owed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from arfollow.delivery.protocol import Cancel
from arfollow.delivery.queries.outgoing import queued_delivery
from arfollow.delivery.tables import Delivery
from arfollow.followup.actions.email import FollowUpPreparer
from arfollow.levels.operations import attach_file, change_level
from arfollow.levels.queries import plans
from arfollow.levels.tables import Level
from arfollow.receivables.operations.disputes import open_dispute
from arfollow.receivables.operations.holds import set_hold
from arfollow.receivables.tables import Customer
from arfollow.users.tables import User
from tests.factories import TODAY, WHO, books
from tests.followup.desks import customer_of, desk, items_of


@pytest.fixture
def queued(sqlite_site):
    """The page of C-1, whose e-mail about EUR 100.00 and EUR 50.00 is queued."""
    with desk(sqlite_site, ("100.00", 30), ("50.00", 20)) as page:
        assert page.click("email") == 200
        yield page


def prepared(site, *, days=0):
    """What the preparer gives when the message is claimed so many days later."""
    with site.reading() as session:
        delivery = queued_delivery(session, delivery_id=session.scalars(select(Delivery.id)).one())
        return FollowUpPreparer().facts(session, delivery, today=TODAY + timedelta(days=days))


def claimed(site, *, days=0) -> dict[str, int]:
    return prepared(site, days=days).message.letter.statement.claimed


def test_done_before_the_claim_changes_nothing_of_what_was_decided(sqlite_site, queued):
    before = prepared(sqlite_site)

    queued.click("done")

    assert queued.state().number == 2
    assert prepared(sqlite_site) == before


def test_a_payment_before_the_claim_is_taken_off(sqlite_site, queued):
    with books(sqlite_site) as book:
        book.payment(customer_of(book), "37.50")

    assert claimed(sqlite_site) == {"EUR": 11250}


def test_an_invoice_that_falls_due_after_the_click_is_not_in_it(sqlite_site, queued):
    with books(sqlite_site) as book:
        book.invoice(customer_of(book), "999.00", late=-1)

    assert claimed(sqlite_site, days=3) == {"EUR": 15000}


def test_what_is_held_or_disputed_meanwhile_is_not_claimed(sqlite_site, queued):
    first, second = items_of(sqlite_site)
    with books(sqlite_site) as book:
        given = {"company_id": book.company_id, "customer_id": customer_of(book), "on": TODAY, "who": WHO}
        set_hold(book.session, instalment_id=first, reason="New address", **given)
        open_dispute(book.session, instalment_id=second, amount=2000, reason="Broken", **given)

    assert claimed(sqlite_site) == {"EUR": 3000}


def test_nothing_goes_out_once_everything_is_paid(sqlite_site, queued):
    with books(sqlite_site) as book:
        book.payment(customer_of(book), "150.00")

    assert isinstance(prepared(sqlite_site), Cancel)


@pytest.mark.parametrize(("email", "goes_to"), [("new@example.com", "new@example.com"), ("", None)])
def test_it_goes_to_the_address_of_the_claim(sqlite_site, queued, email, goes_to):
    with books(sqlite_site) as book:
        book.session.get(Customer, customer_of(book)).email = email

    found = prepared(sqlite_site)

    assert (None if isinstance(found, Cancel) else found.message.email) == goes_to


def test_the_words_are_those_of_the_click(sqlite_site, queued):
    before = prepared(sqlite_site).message.letter.subject
    with books(sqlite_site) as book:
        (plan,) = plans(book.session, company_id=book.company_id)
        level = plan.levels[0]
        words = {
            name: replace(draft, email_subject="Other words") for name, draft in level.draft.wordings.items()
        }
        change_level(
            book.session,
            company_id=book.company_id,
            level_id=level.id,
            draft=replace(level.draft, wordings=words),
            position=None,
            who=WHO,
        )

    assert prepared(sqlite_site).message.letter.subject == before


def test_replies_reach_the_person_responsible(sqlite_site, queued):
    with books(sqlite_site) as book:
        clerk = book.session.scalars(select(User.id).where(User.email == "clerk@example.com")).one()
        book.session.get(Customer, customer_of(book)).responsible_id = clerk

    with sqlite_site.app.app_context():
        message = FollowUpPreparer().render(prepared(sqlite_site))

    assert message.reply_to.email == "clerk@example.com"
    assert message.sender.email == "receivables@acme.example"


@pytest.fixture
def after_a_courtesy(sqlite_site):
    """The page of C-1, whose invoice is due in five days: reminded three days ago, the next level follows by three days."""
    with desk(sqlite_site, ("100.00", -5)) as page:
        with sqlite_site.writing() as session:
            session.execute(update(Level).values(deadline_days=0))
            session.execute(update(Level).where(Level.position == 1).values(days=-10))
            session.execute(update(Level).where(Level.position == 2).values(days=3, timing="after_previous"))
        with books(sqlite_site, TODAY - timedelta(days=3)) as book:
            book.done(customer_of(book))
        page.seen = 2
        yield page


def test_a_level_that_follows_a_courtesy_tells_what_is_going_to_be_due(sqlite_site, after_a_courtesy):
    assert after_a_courtesy.click("email") == 200
    statement = prepared(sqlite_site).message.letter.statement
    assert statement.claimed == {}
    assert statement.coming == {"EUR": 10000}
    assert after_a_courtesy.click("letter") == 200


def test_paid_before_the_claim_a_courtesy_is_not_sent(sqlite_site, after_a_courtesy):
    after_a_courtesy.click("email")

    with books(sqlite_site) as book:
        book.payment(customer_of(book), "100.00")

    assert isinstance(prepared(sqlite_site), Cancel)


def enclose(site, **columns):
    with site.writing() as session:
        session.execute(update(Level).values(**columns))


def test_what_the_level_attaches_goes_with_it(sqlite_site, queued):
    enclose(sqlite_site, attach_statement=True, attach_letter=True, attach_items=True)
    with sqlite_site.writing() as session:
        level_id = session.scalars(select(Level.id).where(Level.position == 1)).one()
        attach_file(
            session,
            company_id=sqlite_site.company_id,
            level_id=level_id,
            filename="terms.pdf",
            content=b"%PDF-1.7 terms",
            who=WHO,
        )

    message = FollowUpPreparer().render(prepared(sqlite_site))

    assert [each.filename.rpartition(" C-1")[0] for each in message.attachments[:3]] == [
        "Payment reminder",
        "Statement of account",
        "Open invoices",
    ]
    assert [each.content[:4] for each in message.attachments] == [b"%PDF", b"%PDF", b"PK\x03\x04", b"%PDF"]
    assert (message.attachments[3].filename, message.attachments[3].content) == (
        "terms.pdf",
        b"%PDF-1.7 terms",
    )


def test_nothing_goes_with_it_where_the_level_attaches_nothing(sqlite_site, queued):
    enclose(sqlite_site, attach_statement=False)

    assert FollowUpPreparer().render(prepared(sqlite_site)).attachments == ()
