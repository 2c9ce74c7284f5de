"""Automatic sending: once a working day, once a customer, and nothing that a clerk would have to look at."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from arfollow import clock
from arfollow.companies.operations import resume_automatic_sending, stop_automatic_sending
from arfollow.database import current_session
from arfollow.delivery.protocol import Cancel
from arfollow.delivery.queries.outgoing import queued_delivery
from arfollow.delivery.tables import Delivery
from arfollow.followup.actions.letter import prepare_letter, print_letter, render
from arfollow.followup.digest import DigestPreparer
from arfollow.followup.jobs import bring_up_to_date, send_automatic_emails
from arfollow.followup.rules import Band
from arfollow.followup.tables import FollowUp, ListRow
from arfollow.levels.tables import Level
from tests.factories import books
from tests.followup.desks import customer_of, set_company

SATURDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 23)
NEW_YEAR = date(2027, 1, 1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def ready(site):
    """C-1 (first level due) and C-2 (second level due: e-mail and letter); every e-mail is automatic."""
    with books(site, MONDAY) as book:
        book.debtor("Bäckerei Ümit", ("100.00", 20), number="C-1", email="one@example.com")
        book.debtor("Nordlicht", ("100.00", 16), number="C-2", email="two@example.com")
        book.session.execute(update(Level).values(email_automatic=True))
        book.session.execute(update(Level).where(Level.position == 1).values(actions=["email"]))
    set_company(site, email="accounts@acme.example.com")
    return site


def work(site, hour, day=MONDAY):
    """What the worker does at that hour of the day."""
    with clock.moved_to(datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN)), site.app.app_context():
        session = current_session()
        bring_up_to_date(session)
        send_automatic_emails(session)


def work_day(site, day=MONDAY):
    """What the worker does in the morning, which it announces, and two hours later."""
    for hour in (10, 12):
        work(site, hour, day)


def keys(site):
    with site.reading() as session:
        return [
            key.split(":", 2)[2] if key.startswith("digest") else key
            for key in session.scalars(select(Delivery.key).order_by(Delivery.id))
        ]


def mails(site):
    """How many e-mails to customers were queued."""
    return sum(key.endswith(":email") for key in keys(site))


def bands(site):
    with site.reading() as session:
        return {
            name: Band(band)
            for name, band in session.execute(select(ListRow.name, ListRow.band).order_by(ListRow.name))
        }


def set_actions(site, *actions):
    with site.writing() as session:
        session.execute(update(Level).values(actions=list(actions)))


def test_the_day_is_announced_worked_and_told_of(ready):
    work(ready, 5)
    assert keys(ready) == []

    work(ready, 6)
    assert keys(ready) == ["2026-11-23:ahead"]

    work(ready, 8)

    assert [key.endswith(":1:email") for key in keys(ready)[1:3]] == [True, True]
    assert keys(ready)[3:] == ["2026-11-23:after"]
    assert set(bands(ready).values()) == {Band.NOT_LISTED}
    with ready.reading() as session:
        assert set(session.scalars(select(FollowUp.done_by))) == {"system"}


def test_what_is_announced_late_can_be_stopped_for_two_hours_too(ready):
    for hour in (11, 12):
        work(ready, hour)
        assert keys(ready) == ["2026-11-23:ahead"]

    work(ready, 13)

    assert mails(ready) == 2


def test_running_it_again_changes_nothing(ready):
    for _ in range(3):
        work_day(ready)

    assert mails(ready) == 2
    assert sorted(keys(ready))[:2] == ["2026-11-23:after", "2026-11-23:ahead"]


def test_what_else_the_level_asks_for_stays_on_the_list(ready):
    set_actions(ready, "email", "letter")

    work_day(ready)

    assert mails(ready) == 2
    assert Band.NOT_LISTED not in bands(ready).values()


def test_nothing_goes_out_by_itself_unless_a_manager_marked_it(ready):
    with ready.writing() as session:
        session.execute(update(Level).values(email_automatic=False))

    work_day(ready)

    assert keys(ready) == []


@pytest.mark.parametrize("day", [SATURDAY, NEW_YEAR])
def test_offices_are_closed_and_the_next_working_day_catches_up_once(ready, day):
    work_day(ready, day)
    assert keys(ready) == []

    work_day(ready, day + timedelta(days=3))

    assert mails(ready) == 2


def test_stopped_is_stopped_until_it_is_resumed(ready):
    with ready.writing() as session:
        stop_automatic_sending(session, company_id=ready.company_id, who="Maria")
    work_day(ready)
    assert keys(ready) == []

    with ready.writing() as session:
        resume_automatic_sending(session, company_id=ready.company_id, who="Maria")
    work_day(ready)

    assert mails(ready) == 2


def test_nothing_goes_out_from_open_items_that_are_out_of_date(ready):
    set_company(ready, imported_on=MONDAY - timedelta(days=4))

    work_day(ready)

    assert keys(ready) == []


def test_whoever_was_written_to_today_is_left_in_peace(ready):
    with books(ready, MONDAY) as book:
        click = book.click(customer_of(book, "C-1"))
        facts = prepare_letter(book.session, click)
        print_letter(book.session, click, facts=facts, pdf=render(facts))

    work_day(ready)

    assert mails(ready) == 1
    assert bands(ready)["Bäckerei Ümit"] is not Band.NOT_LISTED


def test_without_an_address_the_customer_stays_for_a_clerk(ready):
    with books(ready, MONDAY) as book:
        book.debtor("Ohne", ("100.00", 20), number="C-3")

    work_day(ready)

    assert mails(ready) == 2
    assert bands(ready)["Ohne"] is Band.LEVEL


def test_the_next_level_goes_out_on_its_own_day(ready):
    work_day(ready)

    for days in range(1, 40):
        with ready.writing() as session:
            session.execute(update(Delivery).values(state="sent"))
        work_day(ready, MONDAY + timedelta(days=days))

    sent = [key.split(":")[2] for key in keys(ready) if key.startswith("follow-up")]
    assert sorted(sent) == ["1", "1", "2", "2"]


def test_a_digest_names_numbers_and_amounts_to_who_is_to_be_told(ready):
    work_day(ready)

    with ready.reading() as session:
        ahead = session.scalars(select(Delivery.id).where(Delivery.key.endswith(":ahead"))).one()
        delivery = queued_delivery(session, delivery_id=ahead)
        facts = DigestPreparer().facts(session, delivery, today=MONDAY)
    message = DigestPreparer().render(facts)

    assert message.to.email == "accounts@acme.example.com"
    assert message.subject == "2 automatic e-mails go out on 23 November 2026"
    for text in (message.text, message.html):
        assert "C-1" in text
        assert "100.00" in text
        assert "Bäckerei" not in text


def test_a_digest_that_nobody_can_get_is_cancelled(ready):
    work_day(ready)
    set_company(ready, email="")

    with ready.reading() as session:
        ahead = session.scalars(select(Delivery.id).where(Delivery.key.endswith(":ahead"))).one()
        delivery = queued_delivery(session, delivery_id=ahead)

        assert isinstance(DigestPreparer().facts(session, delivery, today=MONDAY), Cancel)
