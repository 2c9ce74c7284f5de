import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from arfollow.access import Role
from arfollow.app import create_app
from arfollow.cli import main
from arfollow.companies.queries import company_names, find_company
from arfollow.config import from_environment
from arfollow.levels.tables import Plan
from arfollow.users.queries import members
from tests.fixtures.apps import Site


@pytest.fixture
def run(engine_url, tmp_path, monkeypatch):
    """Runs the command over an empty database."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", engine_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path))
    return lambda *words: CliRunner().invoke(main, words)


@pytest.fixture
def site(run):
    site = Site(app=create_app(from_environment()), company_id=1)
    yield site
    site.close()


def test_init_makes_a_company_and_an_administrator_who_can_sign_in(run, site):
    answer = run("init", "--company", "Helvetia AG", "--country", "ch", "--currency", "chf")
    password = re.search(r"one-time password (\S+)", answer.stdout)[1]

    assert answer.exit_code == 0
    assert "Its levels and letters begin in German" in answer.stdout
    with site.reading() as session:
        company = find_company(session, company_id=1)
        assert (company.name, company.currency, company.timezone) == ("Helvetia AG", "CHF", "Europe/Zurich")
        assert [member.role for member in members(session, company_id=1)] == [Role.ADMINISTRATOR]
    signed_in = site.visitor().post("/sign-in", {"email": "admin@localhost", "password": password})
    assert signed_in.status_code == 303


@pytest.mark.parametrize("words", [[], ["--company", "acme"]])
def test_init_again_changes_nothing(run, site, words):
    run("init", "--company", "ACME")

    answer = run("init", *words)

    assert answer.exit_code == 0
    assert "up to date. Companies: ACME" in answer.stdout
    with site.reading() as session:
        assert [company.name for company in company_names(session)] == ["ACME"]


def test_init_makes_no_second_company_and_says_who_does(run, site):
    run("init", "--company", "ACME")

    answer = run("init", "--company", "Another")

    assert answer.exit_code == 2
    assert "up to date. Companies: ACME" in answer.stdout
    assert "Another was not made: init makes the first company only." in answer.stderr
    assert "under Settings, Companies" in answer.stderr
    with site.reading() as session:
        assert [company.name for company in company_names(session)] == ["ACME"]


def test_init_gives_the_company_a_plan(run, site):
    run("init")

    with site.reading() as session:
        assert [plan.is_default for plan in session.scalars(select(Plan))] == [True]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--country", "Mars"], "ISO 3166"),
        (["--currency", "EURO"], "ISO 4217"),
        (["--email", "nobody"], "'nobody' is no e-mail address"),
    ],
)
def test_bad_input_is_named_and_nothing_is_made(run, site, words, problem):
    answer = run("init", *words)

    assert answer.exit_code == 2
    assert problem in answer.stderr
    with site.reading() as session:
        assert company_names(session) == []


def test_init_makes_the_database_when_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.delenv("ARFOLLOW_DATABASE_URL", raising=False)

    answer = CliRunner().invoke(main, ["init"])

    assert answer.exit_code == 0
    assert (tmp_path / "new" / "arfollow.sqlite3").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_command_without_a_ledger_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ARFOLLOW_DATABASE_URL", raising=False)

    answer = CliRunner().invoke(main, ["users", "list"])

    assert answer.exit_code == 1
    assert "arfollow init" in answer.stderr
