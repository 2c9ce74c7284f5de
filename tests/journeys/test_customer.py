"""A customer's page in a real browser: clicks, pop-ups, downloads, two clerks at once."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from pypdf import PdfReader

from arfollow.access import Role
from arfollow.database import current_session
from arfollow.delivery.mail_url import open_mail_channel
from arfollow.delivery.sending import send_due
from tests.factories import books
from tests.fixtures.browsers import sign_in
from tests.followup.desks import set_company

pytestmark = pytest.mark.browser

# Ahead of any clock that this is run by: the browser drops a cookie that has expired by its own.
TODAY = date(2031, 11, 21)
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


@pytest.fixture
def site(sqlite_site):
    """Bäckerei Ümit owes one invoice at the first level; Ana and Jan work here."""
    with time_machine.travel(NOON, tick=True):
        with books(sqlite_site, TODAY) as book:
            fields = {"email": "pay@example.com", "street": "Gasse 3", "city": "Köln", "language": "en"}
            book.debtor("Bäckerei Ümit", ("620.50", 20), number="C-1", **fields)
        set_company(sqlite_site, email="receivables@acme.example.com")
        sqlite_site.person(Role.CLERK, name="Ana", email="ana@example.com")
        sqlite_site.person(Role.CLERK, name="Jan", email="jan@example.com")
        yield sqlite_site


@pytest.fixture
def address(site, live_server):
    return live_server(site.app)


@pytest.fixture
def page(page, address):
    """Ana's browser, on the customer's page."""
    # The first letter loads WeasyPrint and its fonts.
    page.set_default_timeout(60_000)
    return sign_in(page, address, "ana@example.com", to="/customers/C-1")


@pytest.fixture
def jan(browser, address):
    """Jan's browser, on the same page."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield sign_in(page, address, "jan@example.com", to="/customers/C-1")
    context.close()


def deliver(site):
    """What the worker does."""
    with site.app.app_context():
        return send_due(current_session(), channel=open_mail_channel(site.app.config["SETTINGS"].mail_url))


def log_a_call(page):
    page.locator("#call summary").click()
    page.get_by_label("Left a message").check()
    page.get_by_role("button", name="Log the call").click()
    page.get_by_text("The call is logged.").wait_for()


def test_the_letter_comes_down_once_it_is_on_record(page):
    with page.expect_download() as download:
        page.get_by_role("button", name="Print Letter").click()

    text = PdfReader(Path(download.value.path())).pages[0].extract_text()
    assert download.value.suggested_filename == "Letter C-1 2031-11-21.pdf"
    assert "620.50" in text
    assert page.locator("#open-letter").is_visible()
    assert "Letter “Payment reminder” printed" in page.locator("#chatter li").first.inner_text()
    assert page.locator("#done").is_enabled()


def test_the_emails_state_changes_before_the_clerks_eyes(page, site):
    page.get_by_role("button", name="Send by E-mail").click()
    page.locator("#email-state", has_text="queued").wait_for()
    top = page.locator("#chatter li").first
    assert "queued" in top.inner_text()

    assert deliver(site) == 1

    page.locator("#email-state", has_text="sent").wait_for()
    top.get_by_text("sent", exact=True).wait_for()
    assert page.locator("#send-email").is_disabled()


def test_what_is_being_typed_survives_the_state_of_an_email(page, site):
    page.get_by_role("button", name="Send by E-mail").click()
    page.locator("#email-state", has_text="queued").wait_for()
    page.locator("#call summary").click()
    page.get_by_label("What was said").fill("They asked for")

    assert deliver(site) == 1
    page.locator("#email-state", has_text="sent").wait_for()

    assert page.get_by_label("What was said").input_value() == "They asked for"


@pytest.mark.parametrize(
    ("words", "day", "shown"),
    [
        ("One week", "2031-11-28", "28 Nov 2031"),
        ("Two weeks", "2031-12-05", "5 Dec 2031"),
        ("One month", "2031-12-21", "21 Dec 2031"),
        ("Two months", "2032-01-21", "21 Jan 2032"),
    ],
)
def test_a_shortcut_of_the_pop_up_shows_and_fills_in_its_date(page, words, day, shown):
    page.locator("#manual-reminder").click()
    shortcut = page.get_by_role("dialog").get_by_role("button", name=words)
    shortcut.click()

    assert shown in shortcut.inner_text()
    assert page.get_by_label("Remind on").input_value() == day


def test_manual_is_set_in_the_pop_up_and_taken_back_by_auto(page):
    page.locator("#manual-reminder").click()
    page.get_by_role("dialog").get_by_role("button", name="Two weeks").click()
    page.get_by_role("button", name="Set reminder").click()

    page.get_by_text("Not on the list: the reminder is set to Manual, for 5 December.").wait_for()
    assert page.locator("#manual-reminder").inner_text() == "Manual: 5 Dec"
    page.get_by_role("button", name="Auto").click()
    page.get_by_text("Reminder set to Auto.").wait_for()


def test_a_refused_date_leaves_the_pop_up_open_with_the_words(page):
    page.locator("#manual-reminder").click()
    page.get_by_label("Remind on").fill("2031-11-20")
    page.get_by_role("button", name="Set reminder").click()

    page.get_by_role("dialog").get_by_text("Choose a day after today").wait_for()
    assert page.evaluate("document.querySelector('#manual').matches(':modal')")


def test_done_without_an_action_says_why_not(page):
    assert page.locator("#done").is_disabled()
    assert "Done needs a recorded action first" in page.locator("#done-reason").inner_text()

    page.evaluate("document.querySelector('#done').disabled = false")
    page.locator("#done").click()

    page.get_by_role("alert").filter(has_text="nothing has been recorded yet").wait_for()
    assert page.locator("#done").is_disabled()


def test_done_goes_on_and_is_taken_back_from_the_notice(page):
    log_a_call(page)
    page.locator("#done").click()
    page.wait_for_url("**/follow-ups**")
    assert "Next on 6 December" in page.locator("#notices").inner_text()

    page.get_by_role("button", name="Undo").click()

    page.wait_for_url("**/customers/C-1**")
    assert "Done was taken back" in page.locator("#notices").inner_text()
    assert page.locator("#done").is_enabled()


def test_the_second_of_two_clerks_changes_nothing_and_reads_who_was_first(page, jan):
    log_a_call(page)
    page.locator("#done").click()
    page.wait_for_url("**/follow-ups**")

    jan.get_by_role("button", name="Send by E-mail").click()

    told = jan.get_by_role("alert").filter(has_text="Nothing was changed: Ana has already marked")
    told.wait_for()
    assert jan.locator("#email-state").count() == 0
    assert "Not on the list" in jan.locator(".customer-why").inner_text()
    assert "E-mail" not in jan.locator("#chatter-entries .chatter-lines").inner_text()


def test_two_clerks_see_each_other(page, jan):
    page.reload()

    page.locator("#also-here", has_text="also here: Jan").wait_for()


def test_the_keyboard_alone_disputes_an_item(page):
    page.get_by_label("Choose R-", exact=False).first.check()
    page.get_by_text("1 chosen").wait_for()
    page.locator("summary", has_text="Dispute").focus()
    page.keyboard.press("Enter")
    page.locator("[name=dispute-reason]:focus").wait_for()
    page.keyboard.type("Broken")
    page.keyboard.press("Enter")

    page.get_by_text("The dispute is noted").wait_for()
    assert "disputed" in page.locator("#ledger tbody").inner_text()


def test_a_flyout_closes_by_escape_and_by_a_click_elsewhere(page):
    call = page.locator("#call")
    call.locator("summary").click()
    page.keyboard.press("Escape")
    by_escape = call.get_attribute("open")
    call.locator("summary").click()
    page.locator("h1").click()

    assert by_escape is None
    assert call.get_attribute("open") is None


def test_a_tab_changes_the_table_and_the_address_but_not_the_page(page):
    page.locator("#call summary").click()
    page.get_by_label("What was said").fill("kept")
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Contacts").click()
    page.get_by_text("E-mails go to pay@example.com.").wait_for()

    assert page.url.endswith("/customers/C-1?tab=contacts")
    assert page.locator("#call textarea").input_value() == "kept"
    page.go_back()
    page.get_by_role("columnheader", name="Days late").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(page, root, scheme):
    page.emulate_media(color_scheme=scheme)
    page.reload()
    page.locator("#call summary").click()
    page.evaluate((root / "tests/vendor/axe.min.js").read_text())

    violations = page.evaluate("axe.run().then(report => report.violations)")

    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_width_makes_the_page_scroll_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_click_during_another_is_not_lost_and_does_no_harm(page):
    page.locator("#call summary").click()
    page.get_by_label("What was said").fill("They asked for")
    page.keyboard.press("Escape")
    email = page.locator("#send-email").bounding_box()
    with page.expect_download() as download:
        page.locator("#print-letter").click()
        page.mouse.click(email["x"] + 10, email["y"] + 10)
        page.evaluate("document.querySelector('#send-email').click()")

    page.get_by_text("The letter is printed and on record.").wait_for()
    assert download.value.suggested_filename == "Letter C-1 2031-11-21.pdf"
    assert page.locator("#open-letter").is_visible()
    assert page.locator("#email-state").count() == 0
    assert page.locator("#call textarea").input_value() == "They asked for"
    page.locator("#send-email").click()
    page.locator("#email-state").wait_for()
    assert page.locator("#call textarea").input_value() == "They asked for"


def test_done_right_after_a_letter_leaves_its_download_alone(page):
    with page.expect_download() as download:
        page.locator("#print-letter").click()
        page.locator("#done").click()

    page.wait_for_url("**/follow-ups**")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


def test_what_was_sent_is_not_filled_in_again(page):
    page.locator("#call summary").click()
    page.get_by_label("What was said").fill("They pay on Friday")
    page.get_by_role("button", name="Log the call").click()

    page.get_by_text("The call is logged.").wait_for()
    assert page.locator("#call textarea").input_value() == ""


def test_undo_asks_before_it_takes_back_somebody_elses_done(page, jan):
    log_a_call(jan)
    jan.locator("#done").click()
    jan.wait_for_url("**/follow-ups**")
    page.reload()
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Undo").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Undo").click()

    page.get_by_text("Done was taken back:").wait_for()
    assert asked[0].startswith("Take back what Jan marked Done on 21 Nov 2031?")
