"""Two tenants of a hoster, each in a schema of its own of one PostgreSQL database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from click.testing import CliRunner
from sqlalchemy import text

from arfollow.access import Role
from arfollow.app import create_app
from arfollow.cli import main
from arfollow.config import from_environment
from arfollow.database import alembic_config, analyze, open_engine
from tests.backups.test_backups import contents
from tests.fixtures.apps import Site
from tests.fixtures.databases import own_database

CUSTOMERS = "customer,name,email,language,currency\nC-1,{name} & Sons,{name}@x.example,en,EUR\n"
INVOICES = (
    "invoice,instalment,customer,kind,date,due_date,currency,amount\n"
    "R-1,1,C-1,invoice,2026-01-01,2026-01-31,EUR,{amount}\n"
)


@dataclass(frozen=True)
class Tenant:
    """A ledger in the schema `name`, with a customer C-1 called after it who owes `amount`."""

    database: str
    name: str
    amount: str
    folder: Path

    @property
    def url(self) -> str:
        return f"{self.database}&schema={self.name}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "ARFOLLOW_DATABASE_URL": self.url,
            "ARFOLLOW_DATA_DIR": str(self.folder / self.name),
            "ARFOLLOW_MAIL_URL": (self.folder / self.name / "outbox").as_uri(),
        }

    def run(self, *words: str) -> str:
        """What the command says in this tenant's settings."""
        answer = CliRunner().invoke(main, words, env=self.environment)
        assert answer.exit_code == 0, answer.output
        return answer.output

    def settle_in(self) -> Tenant:
        """Make the ledger."""
        self.run("init", "--company", self.name)
        files = [self.folder / f"{kind}.csv" for kind in ("customers", "invoices")]
        for file, rows in zip(files, (CUSTOMERS, INVOICES), strict=True):
            file.write_text(rows.format(name=self.name, amount=self.amount))
        self.run("import", *map(str, files))
        self.run("check")
        return self

    def site(self) -> Site:
        """Its pages."""
        return Site(app=create_app(from_environment(self.environment)), company_id=1)


@pytest.fixture(scope="module")
def database(postgres_url) -> Iterator[str]:
    """The hoster's database, which all tests share."""
    with own_database(postgres_url, "template1") as url:
        yield url


@pytest.fixture(scope="module")
def tenants(database, tmp_path_factory) -> list[Tenant]:
    """Two of them."""
    folder = tmp_path_factory.mktemp("tenants")
    amounts = {"tenant_a": "111.00", "tenant_b": "222.00"}
    return [Tenant(database, name, amount, folder).settle_in() for name, amount in amounts.items()]


def test_everything_stands_in_the_tenants_schema(tenants, database):
    engine = open_engine(database)
    query = text(
        "SELECT nspname, 'table' FROM pg_class JOIN pg_namespace ns ON relnamespace = ns.oid "
        "UNION SELECT nspname, 'function' FROM pg_proc JOIN pg_namespace ns ON pronamespace = ns.oid"
    )
    with engine.connect() as connection:
        found = {tuple(row) for row in connection.execute(query)}
    engine.dispose()

    own = {(each.name, kind) for each in tenants for kind in ("table", "function")}
    assert {each for each in found if not each[0].startswith(("pg_", "information_schema"))} == own


@pytest.mark.parametrize(
    "words",
    [
        ("aging", "--json"),
        ("follow-ups", "--json"),
        ("statement", "C-1", "--json"),
        ("worker", "--once"),
        ("chatter", "verify"),
        ("check",),
    ],
    ids=" ".join,
)
def test_a_command_shows_and_changes_nothing_of_another_tenant(tenants, words):
    first, second = tenants
    before = contents(first.url)

    said = second.run(*words)

    assert first.name not in said
    assert first.amount not in said
    after = contents(first.url)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


def test_a_page_shows_and_changes_nothing_of_another_tenant(tenants):
    first, second = tenants
    before = contents(first.url)
    site = second.site()
    with site.writing() as session:
        analyze(session)
    clerk = site.sign_in(Role.CLERK)

    pages = [
        clerk.get(path) for path in ("/follow-ups", "/customers", "/customers/C-1", "/chatter", "/letters")
    ]
    pages.append(clerk.post("/customers/C-1/notes", {"note-text": "Called."}, follow_redirects=True))
    site.close()

    assert [page.status_code for page in pages] == [200] * len(pages)
    shown = "".join(page.text for page in pages)
    assert f"{second.name} &amp; Sons" in shown
    assert first.name not in shown
    assert contents(first.url) == before
    second.run("worker", "--once")
    assert contents(first.url) == before


def test_a_session_of_one_tenant_is_none_of_another(tenants):
    sites = [each.site() for each in tenants]
    clerk = sites[0].sign_in(Role.CLERK)
    cookie = clerk.client.get_cookie("arfollow").value

    stranger = sites[1].visitor()
    stranger.client.set_cookie("arfollow", cookie)
    answer = stranger.get("/follow-ups")
    for site in sites:
        site.close()

    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]


def test_a_backup_goes_from_schema_to_schema(tenants, database, tmp_path):
    first, second = tenants
    before = contents(second.url)
    first.run("backup", str(tmp_path / "a.zip"))
    third = Tenant(database, "tenant_c", "0", tmp_path)

    said = third.run("restore", str(tmp_path / "a.zip"))

    assert "whole" in said
    assert contents(third.url)["customers"] == contents(first.url)["customers"]
    assert contents(second.url) == before
    # Numbers go on after those that were loaded.
    third.run("fence", "confirm", "--reason", "A drill")
    (tmp_path / "more.csv").write_text("customer,name,currency\nC-2,More,EUR\n")
    third.run("import", str(tmp_path / "more.csv"))
    assert [row["number"] for row in contents(third.url)["customers"]] == ["C-1", "C-2"]


def test_a_ledger_moves_into_a_schema(tenants, database, tmp_path):
    first, second = tenants
    before = contents(second.url)
    third = Tenant(database, "tenant_d", "0", tmp_path)

    said = first.run("db", "move", third.url)

    moved = re.search(r"Moved ([\d,]+) rows", said)
    assert moved
    assert contents(third.url)["customers"] == contents(first.url)["customers"]
    assert contents(second.url) == before


def test_a_tenants_tables_go_down_and_up_beside_the_others(tenants):
    first, second = tenants
    before = contents(second.url)

    command.downgrade(alembic_config(first.url), "base")
    command.upgrade(alembic_config(first.url), "head")

    assert contents(first.url)["customers"] == []
    assert contents(second.url) == before
