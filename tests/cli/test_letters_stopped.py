import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from arfollow.app import create_app
from arfollow.config import from_environment
from tests.factories import TODAY, books
from tests.fixtures.apps import make_site

LETTERS = 45
_PROGRAM = """
from arfollow.cli import main
from tests.factories import standing_still

if __name__ == "__main__":
    with standing_still():
        main()
"""


@pytest.fixture
def site(sqlite_url, tmp_path, monkeypatch):
    """Customers who all get a letter today; several batches of them."""
    monkeypatch.setenv("ARFOLLOW_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path))
    with make_site(create_app(from_environment())) as site:
        with books(site, TODAY - timedelta(days=20)) as book:
            for number in range(LETTERS):
                book.done(book.debtor(f"Customer {number}", ("62.50", 21)))
        yield site


@pytest.fixture
def start(site, tmp_path):
    """Starts `arfollow letters` as a process of its own."""
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM)
    paths = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])

    def one() -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, program, "letters", "--out", tmp_path / "out", "--processes", "2"],
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return one


def wait_for_the_first(out: Path) -> None:
    for _ in range(3000):
        if any(out.glob("C-*.pdf")):
            return
        time.sleep(0.01)
    raise AssertionError("No letter was written.")


def written(out: Path) -> dict[str, bytes]:
    """The letters in the folder, each whole."""
    found = {path.name: path.read_bytes() for path in out.glob("C-*.pdf")}
    for content in found.values():
        assert len(PdfReader(BytesIO(content)).pages) == 1
    return found


def test_a_killed_run_leaves_no_half_file_and_the_next_goes_on(start, site, tmp_path):
    out = tmp_path / "out"
    with start() as first:
        wait_for_the_first(out)
        first.kill()
    before = written(out)

    with start() as second:
        said, problems = second.communicate()

    assert second.returncode == 0, problems
    assert said.startswith(f"{LETTERS} letters in {out}, ")
    assert "what was printed before is there as it was" in said
    assert len(before) < LETTERS
    after = written(out)
    assert {name: after[name] for name in before} == before
    assert len(after) == LETTERS
    assert len(site.entries("letter")) == LETTERS


def test_ctrl_c_ends_in_words_and_everything_recorded_is_written(start, site, tmp_path):
    out = tmp_path / "out"
    with start() as run:
        wait_for_the_first(out)
        run.send_signal(signal.SIGINT)
        _, problems = run.communicate()

    count = len(written(out))
    assert run.returncode == 1, problems
    assert f"Stopped: {count} of {LETTERS} letters are in {out}." in problems
    assert "Traceback" not in problems
    assert len(site.entries("letter")) == count < LETTERS
    assert not (out / "letters.pdf").exists()
