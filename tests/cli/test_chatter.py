import ast
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from arfollow.chatter.documents import store
from arfollow.chatter.operations import record
from arfollow.cli import main


@pytest.fixture
def run(site, settings, monkeypatch):
    """Runs `arfollow chatter` over the site's database."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(settings.data_dir))
    return lambda *words: CliRunner().invoke(main, ["chatter", *map(str, words)])


@pytest.fixture
def letter(site) -> str:
    """A printed letter in the log; gives the digest of its PDF."""
    with site.writing() as session:
        digest = store(session, media_type="application/pdf", content=b"%PDF letter")
        record(
            session,
            company_id=site.company_id,
            customer_id=7,
            tag="letter:printed",
            who="Ana",
            text="Zweite Mahnung an Bäckerei Ümit",
            documents=[digest],
        )
    return digest


def tamper(site) -> None:
    """Change the text of the first entry, as its owner can."""
    with site.app.app_context(), site.writing() as session:
        table = "" if session.get_bind().dialect.name == "sqlite" else " ON chatter_personal"
        session.execute(text(f"DROP TRIGGER chatter_personal_update{table}"))
        session.execute(text("UPDATE chatter_personal SET text = 'other' WHERE sequence = 1"))


def test_a_log_that_is_whole_verifies(run, site, letter):
    answer = run("verify")

    assert answer.exit_code == 0
    assert answer.stdout.startswith("ACME GmbH: whole.")
    assert "1 documents" in answer.stdout


def test_one_company_is_verified_when_it_is_named(run, site, letter):
    site.company()

    assert len(run("verify").stdout.splitlines()) == 2
    assert len(run("verify", "--company", "Other Ltd").stdout.splitlines()) == 1


def test_a_company_that_there_is_not_is_refused(run, site):
    answer = run("verify", "--company", "Nobody")

    assert answer.exit_code == 2
    assert "Nobody" in answer.stderr


def test_a_log_that_was_tampered_with_fails_and_names_the_entry(run, site, letter):
    tamper(site)

    answer = run("verify")

    assert answer.exit_code == 1
    assert "entry 1 was changed" in answer.stdout
    assert "not as it was written" in answer.stderr


def test_json_is_one_object_a_company(run, site, letter):
    tamper(site)

    (line,) = run("verify", "--json").stdout.splitlines()

    assert json.loads(line) | {"head": "", "entries": 0} == {
        "company": "ACME GmbH",
        "company_id": site.company_id,
        "intact": False,
        "entries": 0,
        "documents": 1,
        "erased": 0,
        "head": "",
        "problems": [
            {
                "chain": "main",
                "sequence": 1,
                "reason": "was changed: its text or personal data are not those that were recorded",
            }
        ],
    }


def test_a_bundle_verifies_here_and_by_the_program_that_it_brings(run, site, letter, tmp_path):
    answer = run("export", "--out", tmp_path / "log")

    assert answer.exit_code == 0, answer.output
    assert "1 documents written" in answer.stdout
    assert (tmp_path / "log" / "documents" / letter).read_bytes() == b"%PDF letter"
    assert run("verify", "--bundle", tmp_path / "log").exit_code == 0
    alone = subprocess.run(
        [sys.executable, "-I", tmp_path / "log" / "verify.py", tmp_path / "log"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (alone.returncode, alone.stderr) == (0, "")
    assert alone.stdout.endswith("Whole.\n")


def test_a_bundle_that_was_edited_fails(run, site, letter, tmp_path):
    run("export", "--out", tmp_path / "log")
    (tmp_path / "log" / "documents" / letter).write_bytes(b"%PDF LETTER")

    answer = run("verify", "--bundle", tmp_path / "log")

    assert answer.exit_code == 1
    assert f"bytes were changed or are gone: {letter}" in answer.stdout


@pytest.mark.parametrize("name", ["log", "log.zip"])
def test_an_export_writes_over_nothing(run, site, letter, tmp_path, name):
    run("export", "--out", tmp_path / name)

    answer = run("export", "--out", tmp_path / name)

    assert answer.exit_code == 2
    assert "is there already" in answer.stderr


def test_the_verifier_is_printed_as_it_is(run, site, tmp_path):
    run("verifier", "--out", tmp_path / "verify.py")

    assert run("verifier").stdout == (tmp_path / "verify.py").read_text()
    assert ast.parse(run("verifier").stdout, feature_version=(3, 8))


def test_a_head_that_was_written_down_is_found_again(run, site, letter):
    head = json.loads(run("verify", "--json").stdout)
    with site.writing() as session:
        record(session, company_id=site.company_id, customer_id=7, tag="note:written", who="Ana", text="More")

    assert run("verify", "--head", f"{head['entries']}:{head['head']}").exit_code == 0
    cut = run("verify", "--head", f"99:{head['head']}")
    assert cut.exit_code == 1
    assert f"entry {head['entries'] + 2} is missing: entry 99 was sent outside" in cut.stdout


def test_a_head_of_nobody_in_particular_is_asked_about(run, site, letter):
    site.company()

    answer = run("verify", "--head", f"1:{'0' * 64}")

    assert answer.exit_code == 2
    assert "--company" in answer.stderr


def test_a_file_without_heads_is_refused(run, site, tmp_path):
    (tmp_path / "heads").write_text("none\n")

    assert run("verify", "--head", tmp_path / "heads").exit_code == 2
