import json

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from arfollow.chatter import rules
from arfollow.chatter.documents import store
from arfollow.chatter.operations import record
from arfollow.chatter.rules import Record
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


def test_the_export_has_all_that_the_hashes_need(run, site, letter, tmp_path):
    answer = run("export", "--out", tmp_path / "log")
    lines = [json.loads(line) for line in (tmp_path / "log" / "entries.jsonl").read_text().splitlines()]
    (head,) = (tmp_path / "log" / "head.json").read_text().splitlines()
    people = [json.loads(line) for line in (tmp_path / "log" / "people.jsonl").read_text().splitlines()]

    assert answer.exit_code == 0
    records = [record_of(line) for line in lines]
    assert list(rules.problems(records)) == []
    assert json.loads(head)["hash"] == records[-1].hash
    assert all(rules.personal_digest(**line["personal_part"]) == line["personal"] for line in lines)
    assert {line["who"] for line in lines} == {person["digest"] for person in people}
    assert (tmp_path / "log" / "documents" / letter).read_bytes() == b"%PDF letter"


def record_of(line: dict) -> Record:
    """The line as what is hashed."""
    fields = {name: line[name] for name in Record._fields}
    return Record(**fields | {"documents": tuple(map(tuple, line["documents"]))})


def test_an_export_writes_over_nothing(run, site, letter, tmp_path):
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "precious").touch()

    answer = run("export", "--out", tmp_path / "log")

    assert answer.exit_code == 2
    assert "is not empty" in answer.stderr
