"""Every table that a page shows can be taken along as a file, whole, and with nothing of another company in it."""

import gc
import re
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import pytest

from arfollow import clock, database
from arfollow.access import Role
from tests.fixtures.filled import fill
from tests.fixtures.sheets import is_same, rows_of_csv, rows_of_xlsx

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
TABLE = re.compile(r'<table class="table\b[^"]*\bdata\b')
# Where the menu of a table stands that another template frames.
MENUS = {
    "customers/_all_items.html": "customers/_ledger.html",
    "customers/_open_table.html": "customers/_ledger.html",
    "customers/_payments.html": "customers/_ledger.html",
    "follow-ups/_table.html": "follow-ups/_rows.html",
}
WITHOUT = {
    "chatter/entry.html": "what one entry says, all of which the chatter's export has",
    "levels/_effect.html": "what a change would do that is not saved yet",
    "trials/trial.html": "a play of a plan's next days, which nobody has to keep",
    "setup/companies.html": "the user's companies: an export is of one company",
    "imports/_preview.html": "the first rows of a file that the reader has",
    "imports/_totals.html": "sums of one import, which its evidence in the chatter has row by row",
    "runs/preflight.html": "sums of the customers below, which are exported",
}
TODAY = date(2026, 11, 21)
ADDRESSES = {
    "/follow-ups": "OWN-1",
    "/customers": "OWN-1",
    "/customers?view=overdue&q=OWN": "OWN-1",
    "/customers/OWN-1": "OWN-overdue",
    "/customers/OWN-1?tab=all": "OWN-part-paid",
    "/customers/OWN-1?tab=payments": "OWN-P1",
    "/customers/OWN-1?tab=contacts": "OWN customer",
    "/chatter": "OWN note 0",
    "/chatter?kind=notes": "OWN note 0",
    "/deliveries": "OWN-1",
    "/deliveries?view=on-the-way": "OWN-1",
    "/letters": "OWN-1",
    "/runs": "Ana",
    "/runs/{run_id}": "OWN-1",
    "/settings/users": "own@x.example",
    "/settings/sending": "OWN-1",
    "/levels/automatic": None,
    "/levels/automatic?table=sent": None,
    "/chatter/heads": None,
    "/imports": None,
    "/imports/{import_id}": None,
    "/workflows": "OWN workflow",
    "/workflows/{workflow_id}": "collection team",
    "/settings/responsibility": "Nobody",
    "/settings/absences": None,
    "/surveys/{survey_id}": "OWN-1",
    "/settings/keys": "OWN shop",
    "/customers/OWN-1/profile": "OWN hall",
    "/lists": "OWN list",
    "/lists/{list_id}": "OWN-1",
    "/workflows/{workflow_id}/customers": "OWN-1",
    "/workflows/enrolments/{enrolment_id}": None,
}


def templates() -> dict[str, str]:
    return {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}


def test_every_table_of_a_page_has_an_export():
    sources = templates()
    tables = {name for name, source in sources.items() if TABLE.search(source)} - {"components/table.html"}

    without = {name for name in tables if "export_menu(" not in sources[MENUS.get(name, name)]}

    assert without == set(WITHOUT), "show export_menu() of components/export.html beside the table"


@pytest.fixture
def two_companies(site):
    """The site with everything in its own company and in another; gives what addresses name in the own."""
    with clock.moved_to(datetime(2026, 11, 21, 12, tzinfo=UTC)):
        other = site.company()
        for company_id, prefix in ((other, "FOREIGN"), (site.company_id, "OWN")):
            site.person(Role.CLERK, email=f"{prefix.lower()}@x.example", company_id=company_id)
            with site.writing() as session:
                made = fill(session, company_id=company_id, today=TODAY, prefix=prefix)
        yield site, made


def with_export(address: str, kind: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}export={kind}"


def test_an_export_reads_back_equal_and_holds_nothing_of_another_company(two_companies):
    site, made = two_companies
    visitor = site.sign_in(Role.ADMINISTRATOR)

    for pattern, own in ADDRESSES.items():
        address = pattern.format(**made)
        text = visitor.get(with_export(address, "plain-csv"))
        book = visitor.get(with_export(address, "plain-xlsx"))
        lines, rows = rows_of_csv(text.data), rows_of_xlsx(book.data)

        assert (text.status_code, book.status_code) == (200, 200), address
        assert "FOREIGN" not in str(rows), address
        assert own is None or own in str(rows), address
        assert [len(line) for line in lines] == [len(row) for row in rows], address
        assert all(map(is_same, chain(*rows), chain(*lines))), address


def test_an_export_gives_its_connection_back(two_companies):
    site, made = two_companies
    visitor = site.sign_in(Role.ADMINISTRATOR)
    with site.app.app_context():
        pool = database.db.engine.pool
    gc.disable()

    try:
        for pattern in ADDRESSES:
            visitor.get(with_export(pattern.format(**made), "csv"))
            assert pool.checkedout() == 0, pattern
    finally:
        gc.enable()


def test_an_export_is_for_whom_the_page_is_for(two_companies):
    site, made = two_companies
    clerk, stranger = site.sign_in(Role.CLERK), site.visitor()

    for pattern in ADDRESSES:
        address = pattern.format(**made)
        answers = clerk.get(address), clerk.get(with_export(address, "xlsx"))

        assert answers[0].status_code == answers[1].status_code, address
        assert stranger.get(with_export(address, "csv")).status_code == 303, address
