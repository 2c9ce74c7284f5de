"""A new administrator in a real browser: from a fresh `init` through the five steps to the first list."""

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner

from arfollow import clock
from arfollow.app import create_app
from arfollow.cli import main
from arfollow.config import from_environment
from tests.fixtures.apps import PASSWORD, Site

pytestmark = pytest.mark.browser

TODAY = clock.today("Europe/Berlin")
CUSTOMERS = "customer,name,email\nC-1,Bäckerei Ümit,umit@example.com\nC-2,Nordlicht Optik,optik@example.com\n"


@pytest.fixture
def run(tmp_path, monkeypatch, mail_sink):
    """Runs a command of whoever looks after the machine."""
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("ARFOLLOW_MAIL_URL", mail_sink.url)
    monkeypatch.delenv("ARFOLLOW_DATABASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(main, words, catch_exceptions=False).output


@pytest.fixture
def first_password(run):
    said = run("init", "--company", "ACME Ltd", "--country", "IE", "--email", "ada@example.com")
    return re.search(r"one-time password (\S+)", said)[1]


@pytest.fixture
def address(first_password, live_server):
    site = Site(app=create_app(from_environment()), company_id=1)
    yield live_server(site.app)
    site.close()


@pytest.fixture
def ledger(tmp_path):
    """Two customers, one of whom is 16 days late."""
    invoices = "invoice,customer,date,due_date,currency,amount\n" + "".join(
        f"2026-{number},C-{number},{TODAY - timedelta(days=late + 30)},{TODAY - timedelta(days=late)},EUR,620.50\n"
        for number, late in ((1, 16), (2, 3))
    )
    for name, text in (("customers.csv", CUSTOMERS), ("invoices.csv", invoices)):
        (tmp_path / name).write_text(text)
    return tmp_path / "customers.csv", tmp_path / "invoices.csv"


def sign_in_first(page, address, password):
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password, again").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("password")).click()
    page.wait_for_url("**/setup")


def enter_company(page):
    page.get_by_role("link", name="Begin with Company").click()
    page.get_by_label("Street").fill("Hauptstr. 1")
    page.get_by_label("Postal code").fill("10115")
    page.get_by_label("City").fill("Berlin")
    page.get_by_label("E-mail", exact=True).fill("accounts@acme.example.com")
    page.get_by_label("IBAN").fill("DE02 1203 0000 0000 2020 51")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/setup/mail")


def test_five_steps_lead_to_the_first_list(page, address, first_password, run, ledger, mail_sink):
    page.set_default_timeout(30_000)
    sign_in_first(page, address, first_password)

    enter_company(page)
    page.get_by_role("button", name="Send a test message").click()
    page.get_by_text("has taken the message for ada@example.com").wait_for()
    assert mail_sink.messages[0]["From"].addresses[0].addr_spec == "accounts@acme.example.com"

    page.get_by_role("link", name="Next: Import").click()
    run("import", *map(str, ledger))
    page.reload()
    page.get_by_text("2 customers are here.").wait_for()

    page.get_by_role("link", name="Next: Plan").click()
    strict = page.locator(".plan-choice", has=page.get_by_role("heading", name="Strict"))
    assert "customer would be on the list tomorrow" in page.locator(".plan-choice-current").inner_text()
    strict.get_by_role("button", name="Take this plan").click()

    page.wait_for_url("**/setup/team")
    page.get_by_label("Name", exact=True).fill("Bob")
    page.get_by_label("E-mail").fill("bob@example.com")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("heading", name="One-time password for Bob").wait_for()

    page.get_by_role("link", name="To the list").click()
    page.get_by_role("link", name="Bäckerei Ümit").wait_for()
    assert page.get_by_text("Setting up:").count() == 0


def test_steps_that_are_left_stand_above_the_list_until_somebody_comes_back(
    page, address, first_password, run, ledger
):
    sign_in_first(page, address, first_password)
    run("import", *map(str, ledger))

    page.goto(f"{address}/setup/company")
    page.get_by_role("button", name="Skip this step for now").click()
    page.goto(f"{address}/")
    page.get_by_text("Setting up: 1 of 5 steps done.").wait_for()
    assert page.get_by_text("Left: Mail server, Plan, Team.").count() == 1
    page.get_by_role("link", name="Go on: Mail server").click()
    page.get_by_role("link", name="Setting up ACME Ltd").click()
    page.get_by_role("button", name="Take up Company again").click()

    page.get_by_label("Street").wait_for()
    assert page.get_by_text("Skip this step for now").count() == 1
