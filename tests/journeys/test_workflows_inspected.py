"""A manager looks into a workflow, skips and moves a customer, and tries the collection example, in a real browser."""

import pytest

from arfollow import clock, database
from arfollow.access import Role
from arfollow.workflows.examples import example
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.operations.drafts import publish, save_draft
from arfollow.workflows.operations.enrolling import enrol
from arfollow.workflows.rules.definition import Kind
from tests.factories import books
from tests.fixtures.browsers import sign_in
from tests.workflows.walking import definition, step, wait

pytestmark = pytest.mark.browser

TODAY = clock.today("Europe/Berlin")


def call(key, name):
    found = step(key, Kind.ACTIVITY, words={"en": {"title": name, "text": "Please."}})
    return type(found)(key=key, kind=found.kind, name=name, settings=found.settings)


@pytest.fixture
def site(sqlite_site):
    """A customer who waits in a workflow, a draft of the collection example, and Maria, who manages."""
    with books(sqlite_site, TODAY) as book:
        customer_id = book.debtor("Bäckerei Ümit", ("620.50", 20), number="C-1", language="en")
    company = {"company_id": sqlite_site.company_id}
    made = definition(
        call("one", "First call"), wait("pause", 30), call("two", "Second call"), wait("rest", 30)
    )
    with sqlite_site.writing() as session:
        save_draft(session, **company, definition=example("collection").definition, who="Maria")
        workflow_id = save_draft(session, **company, definition=made, who="Maria")
        publish(session, **company, workflow_id=workflow_id, who="Maria")
        enrol(
            session,
            **company,
            workflow_id=workflow_id,
            customer_id=customer_id,
            now=clock.now(),
            today=TODAY,
            who="Maria",
        )
    work(sqlite_site)
    sqlite_site.person(Role.MANAGER, name="Maria", email="maria@example.com")
    return sqlite_site


def work(site):
    with site.app.app_context():
        work_workflows(database.current_session())


def test_a_manager_skips_a_wait_and_moves_the_customer_back(site, page, live_server):
    address = live_server(site.app)
    sign_in(page, address, "maria@example.com", to="/customers/C-1")
    page.get_by_role("link", name="Test").click()
    page.get_by_role("heading", name="What comes next, if nothing happens").wait_for()
    assert "Second call" in page.locator(".coming").inner_text()

    page.get_by_text("Skip this step").click()
    page.locator("#skip").get_by_label("Reason").fill("She called us")
    page.get_by_role("button", name="Skip it").click()
    page.get_by_text("Skipped.").wait_for()
    work(site)
    page.reload()
    assert "Second call" in page.locator("table").inner_text()

    page.get_by_text("Move", exact=True).click()
    page.locator("#move").get_by_label("Go on at").select_option("one")
    page.locator("#move").get_by_label("Reason").fill("Once more")
    page.get_by_role("button", name="Move there").click()
    page.get_by_text("Moved.").wait_for()
    page.goto(f"{address}/customers/C-1")

    assert "Is moved to “First call”, in “Test”: Once more" in page.locator("#chatter").inner_text()


def test_a_dry_run_of_the_collection_example_leads_to_the_call(site, page, live_server):
    address = live_server(site.app)
    sign_in(page, address, "maria@example.com", to="/workflows/dry-run?workflow=1")
    page.get_by_text("nothing is sent or kept").wait_for()

    page.get_by_role("link", name="Nothing, until the next date").click()
    page.get_by_role("heading", name="Text message with the payment link").wait_for()
    page.get_by_role("link", name="Opened (page opened or confirmed)").click()
    page.get_by_text("The customer stands at “3 days to pay”.").wait_for()
    page.get_by_role("link", name="Nothing, until the next date").click()
    page.get_by_role("heading", name="The collection team calls").wait_for()
    page.get_by_text("The customer has come to the end.").wait_for()

    page.get_by_role("link", name="One step back").click()
    page.get_by_role("link", name="The customer pays").click()

    page.get_by_text("The goal is reached").wait_for()
