"""The command knows what was saved on the page."""

import pytest
from click.testing import CliRunner

from arfollow.cli import main
from arfollow.exchange.uploads.mappings import save_mapping

DEFINITION = {"heading": ["No", "Who"], "customer": {"number": "No", "name": "Who"}}


@pytest.fixture
def run(sqlite_site, sqlite_url, tmp_path, monkeypatch):
    """Runs `arfollow import` over a site whose company has saved the mapping “Our ERP”."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path))
    with sqlite_site.writing() as session:
        save_mapping(
            session, company_id=sqlite_site.company_id, name="Our ERP", definition=DEFINITION, who="Ana"
        )
    return lambda *words: CliRunner().invoke(main, ["import", *map(str, words)])


@pytest.fixture
def customers(tmp_path):
    """A file of that program."""
    file = tmp_path / "list.csv"
    file.write_text("No,Who\nK-1,Ann\n")
    return file


def test_a_saved_mapping_is_named_by_its_name(run, customers):
    answer = run("--mapping", "Our ERP", customers)

    assert answer.exit_code == 0, answer.output
    assert "customers: 1 new, 0 changed, 0 unchanged" in answer.output


def test_a_saved_mapping_is_recognised_by_its_heading(run, customers):
    assert "customers: 1 new, 0 changed, 0 unchanged" in run(customers).output


def test_a_name_that_nobody_saved_is_refused_with_those_that_are_known(run, customers):
    answer = run("--mapping", "Their ERP", customers)

    assert answer.exit_code == 2
    assert "known are Our ERP, highradius_open_invoices" in answer.output
