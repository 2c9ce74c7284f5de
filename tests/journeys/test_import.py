"""An administrator brings in a foreign ledger by the screens, in a real browser: drop, map, mend, import, undo."""

import pytest

from arfollow.access import Role
from arfollow.database import current_session
from arfollow.exchange.uploads.working import work_imports
from tests.fixtures.browsers import sign_in

pytestmark = pytest.mark.browser

INVOICES = (
    "Apex Services\nA/R\n\nRef;Client;Issued;Payable by;Value\n"
    "R-1;Bäckerei Ümit;01.10.2026;31.10.2026;1.240,50\n"
    "R-2;Nordlicht;15.10.2026;14.11.2026;99,00\n"
    "R-3;Nordlicht;15.10.2026;soon;12,00\n"
)
COLUMNS = {
    "Ref": "Invoice number",
    "Client": "Customer (number)",
    "Issued": "Date",
    "Payable by": "Due date",
    "Value": "Amount",
}
# What a browser does when files are dropped.
DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/csv" }));
  const zone = document.querySelector("[data-drop]");
  zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def work(site):
    """What a worker does meanwhile."""
    with site.app.app_context():
        work_imports(current_session())


def field_of(page, column):
    """The select that says what a column holds."""
    return page.locator(".import-map li", has=page.get_by_text(column, exact=True)).locator("select").first


@pytest.fixture
def desk(sqlite_site, page, live_server):
    """Paula, who administers an empty company, at the page of imports."""
    sqlite_site.person(Role.ADMINISTRATOR, name="Paula", email="paula@example.com")
    page.set_default_timeout(30_000)
    page.on("dialog", lambda dialog: dialog.accept())
    # The first administrator of an empty company comes to its first steps.
    sign_in(page, live_server(sqlite_site.app), "paula@example.com")
    page.get_by_role("link", name="Import", exact=True).first.click()
    page.get_by_text("Nothing was imported yet.").wait_for()
    # The script that takes what is dropped comes last.
    page.wait_for_load_state("load")
    return page


def test_a_foreign_ledger_is_dropped_mapped_mended_imported_and_undone(sqlite_site, desk):
    page = desk

    drop_and_map(page)
    mend(page, sqlite_site)
    save_and_import(page, sqlite_site)
    assert page.get_by_role("cell", name="1,339.50").first.is_visible()

    page.get_by_role("link", name="This import in the history").click()
    page.locator("#undo").click()
    work(sqlite_site)
    page.get_by_text("The import is undone.").wait_for()
    page.get_by_role("link", name="Back to the imports").click()
    assert page.get_by_role("row", name="ledger.csv").get_by_text("undone").is_visible()
    assert page.get_by_role("row", name="Apex").is_visible()


def drop_and_map(page):
    """Every choice shows the rows anew; the next one is made in what came back."""
    page.evaluate(DROP, ["ledger.csv", INVOICES])
    page.get_by_role("heading", name="As it will be read").wait_for()
    assert page.get_by_text("columns are missing").is_visible()
    for column, holds in COLUMNS.items():
        if field_of(page, column).locator("option:checked").inner_text() != holds:
            with page.expect_response("**/files/*"):
                field_of(page, column).select_option(holds)
    with page.expect_response("**/files/*"):
        page.locator("[name=value-currency]").fill("EUR")
        page.locator("[name=value-currency]").blur()
    page.get_by_text("EUR 1,240.50").wait_for()


def mend(page, site):
    """See the problem of a row, fetch it as a file, leave the row out."""
    check(page, site)
    page.get_by_role("heading", name="1 problem").wait_for()
    assert page.get_by_text("“soon” is no date").first.is_visible()
    actions = page.locator(".import-actions")
    actions.get_by_role("button", name="Export").click()
    with page.expect_download() as problems:
        actions.get_by_role("link", name="CSV").last.click()
    assert "ledger.csv,7,Payable by," in problems.value.path().read_text()
    page.locator("#leave-out").click()
    page.get_by_text("1 row is left out.").wait_for()


def save_and_import(page, site):
    """Keep the mapping under a name, and go."""
    page.get_by_label("Save this mapping as").fill("Apex")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved as “Apex”").wait_for()
    check(page, site)
    page.locator("#apply").click()
    page.get_by_text("Waiting for a worker").wait_for()
    work(site)
    page.get_by_text("What comes next").wait_for()


def check(page, site):
    """Click Check, and have the worker do it."""
    page.locator("#check").click()
    page.get_by_text("Waiting for a worker").wait_for()
    work(site)
