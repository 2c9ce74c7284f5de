"""A manager at the level editor in a real browser: order, words with a mistake and then right, preview, back, what it would do."""

import pytest
from playwright.sync_api import expect

from arfollow import clock
from arfollow.access import Role
from arfollow.database import current_session
from arfollow.followup.trials.working import try_some
from arfollow.levels.queries import plans
from tests.factories import books
from tests.fixtures.browsers import sign_in
from tests.followup.desks import set_company

pytestmark = pytest.mark.browser

TODAY = clock.today("Europe/Berlin")


@pytest.fixture
def site(sqlite_site):
    """A customer at the first level; Maria manages."""
    with books(sqlite_site, TODAY) as book:
        book.debtor("Zweirad Huber", ("620.50", 20), number="C-7", language="en", email="c7@example.com")
    set_company(sqlite_site, email="receivables@acme.example.com")
    sqlite_site.person(Role.MANAGER, name="Maria", email="maria@example.com")
    return sqlite_site


@pytest.fixture
def page(page, site, live_server):
    """Maria's browser, on the levels."""
    # The first letter loads WeasyPrint and its fonts.
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    address = live_server(site.app)
    sign_in(page, address, "maria@example.com", to="/levels")
    yield page
    expect.set_options(timeout=5_000)


def levels(site):
    with site.reading() as session:
        return plans(session, company_id=site.company_id)[0].levels


def test_levels_are_put_in_another_order_by_keyboard_and_by_dragging(site, page):
    page.get_by_role("button", name="Move “Final notice” earlier").press("Enter")
    expect(page.get_by_role("heading", name="This is what the new order does")).to_be_visible()

    page.get_by_role("button", name="Move “Final notice” earlier").press("Enter")
    expect(page.locator("#order-said")).to_have_text(
        "“Final notice” is number 1 of 3 now. It is not saved yet."
    )
    expect(page.get_by_role("button", name="Move “Final notice” earlier")).to_be_focused()

    page.locator("li", has_text="Payment reminder").drag_to(
        page.locator("li", has_text="Second reminder"), target_position={"x": 300, "y": 20}
    )
    cards = page.locator(".timeline-name")
    expect(cards).to_have_text(["Final notice", "Second reminder", "Payment reminder"])
    assert levels(site)[0].draft.name == "Payment reminder"
    page.get_by_role("button", name="Save the order").click()

    expect(page.get_by_text("The levels are in the new order.")).to_be_visible()
    assert [(level.draft.name, level.draft.days) for level in levels(site)] == [
        ("Final notice", 15),
        ("Second reminder", 30),
        ("Payment reminder", 40),
    ]


def test_words_are_mended_previewed_and_taken_back(site, page):
    page.get_by_role("link", name="Payment reminder").click()
    mail = page.frame_locator("#preview-frames iframe:not(.is-coming)")
    expect(mail.get_by_text("This may simply have slipped through")).to_be_visible()
    page.get_by_label("On customer").fill("C-7")
    expect(page.locator("#value-total_due")).to_have_text("EUR\xa0620.50")

    text = page.get_by_label("Text of the e-mail").first
    text.fill("Good day {{ nobody }}")
    expect(page.locator("#live-en-email_body")).to_contain_text("There is no variable “nobody”.")
    expect(mail.get_by_text("This may simply have slipped through")).to_be_visible()
    text.fill("Good day ")
    page.get_by_role("button", name="customer_name").click()
    expect(text).to_have_value("Good day {{ customer_name }}")
    expect(mail.get_by_text("Good day Zweirad Huber")).to_be_visible()
    expect(page.locator("#live-en-email_body")).to_be_empty()

    page.get_by_role("tab", name="Letter").click()
    expect(page.get_by_role("img", name="Page 1 of 1")).to_be_visible()
    page.get_by_role("tab", name="E-mail").press("ArrowRight")
    expect(page.get_by_role("tab", name="Text only")).to_be_focused()
    page.get_by_role("tab", name="English").press("ArrowRight")
    expect(page.get_by_label("Title of the letter").nth(1)).to_have_value("Zahlungserinnerung")

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    page.get_by_role("tab", name="English").click()
    page.get_by_role("link", name="version 2").click()
    expect(page.locator("ins", has_text="Good")).to_be_visible()
    page.get_by_role("link", name="Version 1").click()
    page.get_by_role("button", name="Go back to version 1").click()

    expect(page.get_by_text("The words of version 1 are in force again, as version 3.")).to_be_visible()
    wording = next(level for level in levels(site) if level.draft.name == "Payment reminder").wordings["en"]
    assert "slipped through" in wording.text.email_body


def test_a_plan_is_tried_before_it_is_changed(site, page):
    page.get_by_role("link", name="Payment reminder").click()
    page.get_by_label("Days", exact=True).fill("25")

    with page.expect_popup() as popup:
        page.get_by_role("button", name="What would it do in 60 days?").click()
    trial = popup.value
    expect(trial.get_by_text("Being worked out")).to_be_visible()
    with site.app.app_context():
        while try_some(current_session()):
            pass

    expect(trial.get_by_role("heading", name="1 customer for whom it differs")).to_be_visible()
    expect(trial.get_by_role("row", name="Zweirad Huber")).to_be_visible()
    assert levels(site)[0].draft.days == 15
