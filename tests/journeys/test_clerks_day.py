"""A clerk's day in a real browser, from signing in to the customer's return."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from arfollow.access import Role
from arfollow.app import create_app
from arfollow.companies.tables import Company
from arfollow.config import Settings
from arfollow.database import current_session
from arfollow.delivery.mail_url import open_mail_channel
from arfollow.delivery.sending import send_due
from arfollow.followup.jobs import bring_up_to_date
from arfollow.levels.operations import BroughtPlace, bring_over
from arfollow.levels.tables import Level
from tests.factories import books
from tests.fixtures.apps import make_site
from tests.fixtures.browsers import sign_in
from tests.journeys.steps import print_letter

# Ahead of any clock that this is run by: the browser drops a cookie that has expired by its own.
TODAY = date(2031, 5, 6)
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def site(clock, sqlite_url, tmp_path, mail_sink):
    settings = Settings(database_url=sqlite_url, data_dir=tmp_path, mail_url=mail_sink.url, secret_key="test")
    with make_site(create_app(settings)) as made:
        made.person(Role.CLERK, name="Ana Maier")
        with books(made, TODAY) as open_books:
            open_books.session.get_one(Company, made.company_id).email = "accounts@acme.example.com"
            for name, number in (
                ("Bäckerei Ümit", "C-1"),
                ("Nordlicht Optik", "C-2"),
                ("Zweirad Huber", "C-3"),
            ):
                customer = open_books.customer(name, number=number, email=f"{number.lower()}@example.com")
                item = open_books.invoice(customer, "620.50", late=41, number=f"2026-{number}")
                second = open_books.session.scalars(
                    select(Level.id).order_by(Level.position).offset(1)
                ).first()
                place = BroughtPlace(
                    instalment_id=item, level_id=second, followed_on=TODAY - timedelta(days=20)
                )
                bring_over(open_books.session, company_id=made.company_id, places=[place])
        yield made


def deliver(site, sink):
    with site.app.app_context():
        return send_due(current_session(), channel=open_mail_channel(sink.url))


def new_day(site, clock, day):
    """The clock moves, and the worker brings the list up to date, as it does every few seconds."""
    clock.move_to(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    with site.app.app_context():
        bring_up_to_date(current_session())


def listed(page, address):
    page.goto(f"{address}/follow-ups")
    return [
        name
        for name in ("Bäckerei Ümit", "Nordlicht Optik", "Zweirad Huber")
        if page.get_by_role("link", name=name).count()
    ]


def test_a_clerk_works_the_list(site, page, live_server, mail_sink, clock):
    # The first letter loads WeasyPrint and its fonts.
    page.set_default_timeout(60_000)
    address = live_server(site.app)
    sign_in(page, address)
    assert listed(page, address) == ["Bäckerei Ümit", "Nordlicht Optik", "Zweirad Huber"]

    page.get_by_role("link", name="Bäckerei Ümit").click()
    page.wait_for_selector("#done")
    assert page.locator("#done").is_disabled()
    assert "Done needs a recorded action first" in page.locator("#done-reason").inner_text()

    letter = print_letter(page, address)
    assert "Bäckerei Ümit" in letter
    assert "620.50" in letter
    send_email(page, site, mail_sink)
    assert "620.50" in mail_sink.messages[0].get_body(("plain",)).get_content()
    finish_todo(page)

    chatter = page.locator("#chatter").inner_text()
    for words in ("printed", "E-mail “", "sent", "Call the customer"):
        assert words in chatter

    page.locator("#done").click()
    page.wait_for_url("**/customers/C-2**")
    assert "Bäckerei Ümit" in page.locator("#notices").inner_text()
    assert listed(page, address) == ["Nordlicht Optik", "Zweirad Huber"]

    put_off(page, address, "C-2")
    assert listed(page, address) == ["Zweirad Huber"]
    remind_in_two_weeks(page, address, "C-3")
    assert listed(page, address) == []

    new_day(site, clock, TODAY + timedelta(days=2))
    sign_in(page, address)
    assert listed(page, address) == ["Nordlicht Optik"]
    new_day(site, clock, TODAY + timedelta(days=14))
    sign_in(page, address)
    assert listed(page, address) == ["Bäckerei Ümit", "Nordlicht Optik", "Zweirad Huber"]


def send_email(page, site, sink):
    with page.expect_response("**/email**"):
        page.locator("#send-email").click()
    assert deliver(site, sink) == 1
    assert sink.recipients == ["c-1@example.com"]
    page.reload()


def finish_todo(page):
    todo = page.locator("#todo")
    todo.locator("summary").click()
    todo.get_by_role("radio").first.check()
    todo.get_by_role("button", name="The to-do is done").click()
    page.get_by_text("Call the customer: done").wait_for()


def put_off(page, address, number):
    page.goto(f"{address}/customers/{number}")
    later = page.locator("#later")
    later.locator("summary").click()
    later.locator("input[type=date]").fill((TODAY + timedelta(days=2)).isoformat())
    with answered(page):
        later.get_by_role("button", name="Put off").click()


def remind_in_two_weeks(page, address, number):
    page.goto(f"{address}/customers/{number}")
    page.locator("#manual-reminder").click()
    page.get_by_role("button", name="two weeks").click()
    with answered(page):
        page.get_by_role("button", name="Set reminder").click()


def answered(page):
    """Wait until the server has answered a click; that somebody is at the page is told all the time."""
    return page.expect_response(
        lambda answer: answer.request.method == "POST" and "presence" not in answer.url
    )
