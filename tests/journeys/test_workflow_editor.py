"""A manager at the workflow editor in a real browser: an example taken over, changed, mended and published; and by keyboard alone."""

import pytest
from playwright.sync_api import expect

from arfollow.access import Role
from arfollow.workflows.examples import example
from arfollow.workflows.file import from_data
from arfollow.workflows.operations.beginning import begin_from_example
from arfollow.workflows.queries.listing import workflow_rows
from arfollow.workflows.queries.versions import latest_version
from arfollow.workflows.rules.editing import find
from tests.fixtures.browsers import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def site(sqlite_site):
    """Maria manages."""
    sqlite_site.person(Role.MANAGER, name="Maria", email="maria@example.com")
    return sqlite_site


@pytest.fixture
def address(site, live_server):
    return live_server(site.app)


@pytest.fixture
def page(page, address):
    """Maria's browser."""
    page.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    sign_in(page, address, "maria@example.com")
    yield page
    expect.set_options(timeout=5_000)


def stored(site, *, published=False):
    with site.reading() as session:
        row = workflow_rows(session, company_id=site.company_id)[0]
        return from_data(latest_version(session, workflow_id=row.id, published=published).definition)


def test_an_example_is_taken_over_changed_mended_and_published(site, page, address):
    page.goto(f"{address}/workflows")
    page.get_by_role("link", name="New workflow").first.click()
    page.get_by_role("listitem").filter(has_text="Collection: subscription").get_by_role(
        "button", name="Take it over"
    ).click()

    page.get_by_role("link", name="3 days to pay").first.click()
    page.get_by_label("How long").fill("5")
    page.get_by_label("Counted in").select_option("working_days")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#block-time-to-pay")).to_contain_text("5 working days later")

    page.locator("#block-mail").click()
    expect(page.locator("#reading")).to_contain_text("Dear Ms Kaya,")
    page.get_by_label("Subject").first.fill("")
    page.get_by_label("Subject").first.blur()
    expect(page.locator("#missing")).to_contain_text("“Subject” is missing.")
    # While the answer is under way nothing can be clicked that it would replace.
    held = []

    def hold(route):
        held.append(route)

    page.route("**/workflows/*?seen-now=*", hold)
    page.locator("#panel-close").click()
    expect(page.locator("#editor")).to_have_attribute("inert", "")
    held[0].continue_()
    page.unroute("**/workflows/*?seen-now=*", hold)
    page.locator("#missing").get_by_role("link", name="E-mail with the payment link").click()
    page.get_by_label("Subject").first.fill("Your subscription of {{ invoice_amount }}")
    # The press leaves the field, which is saved by itself; the click still counts.
    page.locator("#panel-close").click(delay=60)
    expect(page.locator("#missing")).to_contain_text("Nothing is missing")
    expect(page.locator("#panel-title")).to_have_count(0)
    # However far down the route a block is, its form is beside it.
    page.locator("#block-call").click()
    expect(page.locator("#panel-title")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_in_viewport()

    page.get_by_role("link", name="Publish …").click()
    expect(page.get_by_text("What lies in the past enrols nobody")).to_be_visible()
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_text("Version 1 is in force.")).to_be_visible()

    made = stored(site, published=True)
    assert find(made, "time-to-pay").settings == {"amount": 5, "unit": "working_days"}
    assert (
        find(made, "mail").settings["words"]["en"]["subject"] == "Your subscription of {{ invoice_amount }}"
    )


def test_steps_are_found_added_moved_and_deleted_by_keyboard(site, page, address):
    with site.writing() as session:
        workflow_id = begin_from_example(
            session, company_id=site.company_id, example=example("collection"), name="", who="Maria"
        )
    page.goto(f"{address}/workflows/{workflow_id}")
    focused = page.locator("*:focus")

    page.locator("#block-mail").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_id("block-mobile")

    page.locator("#block-mail").focus()
    page.keyboard.press("+")
    page.get_by_role("button", name="Send a letter").press("Enter")
    expect(page.locator("#panel-title")).to_have_text("Send a letter")
    page.keyboard.press("Escape")
    expect(focused).to_have_id("block-letter")

    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#route a[data-key]").first).to_have_id("block-letter")
    expect(focused).to_have_id("block-letter")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Delete it").press("Enter")
    expect(page.locator("#block-letter")).to_have_count(0)
    page.get_by_role("button", name="Undo the last change").press("Enter")
    expect(page.locator("#block-letter")).to_be_visible()

    assert [step.key for step in stored(site).route][:2] == ["letter", "mail"]
