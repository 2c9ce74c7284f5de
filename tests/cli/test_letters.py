from datetime import timedelta
from io import BytesIO

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from arfollow.app import create_app
from arfollow.cli import main
from arfollow.config import from_environment
from tests.factories import TODAY, books, standing_still
from tests.fixtures.apps import make_site
from tests.followup.desks import customer_of


@pytest.fixture
def run(sqlite_url, tmp_path, monkeypatch):
    """Runs `arfollow letters` on TODAY."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path))

    def one(*words):
        with standing_still():
            return CliRunner().invoke(main, ["letters", *map(str, words)])

    return one


@pytest.fixture
def site(run):
    """One customer whose second level is due today, which asks for a letter, and one whose first does not."""
    with make_site(create_app(from_environment())) as site:
        with books(site, TODAY - timedelta(days=20)) as book:
            book.done(book.debtor("Bäckerei Ümit", ("620.50", 21), number="C/1043"))
            book.debtor("Fresh", ("15.00", 3), number="C-2")
        yield site


def text_of(path) -> str:
    return PdfReader(BytesIO(path.read_bytes())).pages[0].extract_text()


def tags(site) -> list[str]:
    return [tag for tag, _ in site.entries("letter")]


def test_the_letters_that_are_due_are_written_and_recorded_once(run, site, tmp_path):
    first = run("--out", tmp_path / "out")
    (path,) = (tmp_path / "out").iterdir()
    before = path.read_bytes()
    second = run("--out", tmp_path / "out")

    assert (first.exit_code, first.stdout) == (0, f"1 letter in {tmp_path / 'out'}\n"), first.output
    assert "620" in text_of(path)
    assert (second.exit_code, path.read_bytes()) == (0, before)
    assert tags(site) == ["letter:printed"]


def test_no_letter_says_who_is_due_otherwise(run, site, tmp_path):
    with books(site) as book:
        book.done(customer_of(book, "C/1043"))
        book.debtor("By e-mail", ("15.00", 16), number="C-3")

    answer = run("--out", tmp_path / "out")

    assert answer.stdout == f"0 letters in {tmp_path / 'out'}\n"
    assert "2 customers are on the list, and no level there asks for a letter" in answer.stderr


def test_another_days_letters_are_drafts_and_recorded_nowhere(run, site, tmp_path):
    answer = run("--out", tmp_path / "out", "--on", TODAY + timedelta(days=1))

    assert answer.stdout.endswith("as drafts\n"), answer.output
    assert tags(site) == []


def test_a_folder_that_cannot_be_made_is_said(run, site, tmp_path):
    (tmp_path / "file").write_text("")

    answer = run("--out", tmp_path / "file" / "out")

    assert answer.exit_code == 1
    assert "Not a directory" in answer.stderr
    assert tags(site) == []
