import pytest
from click.testing import CliRunner

from arfollow.cli import main


@pytest.fixture
def run(sqlite_url, tmp_path, monkeypatch):
    """Runs a command over the ledger in a folder, by default the first one's."""

    def run(*words: str, folder: str = "first"):
        monkeypatch.delenv("ARFOLLOW_DATABASE_URL", raising=False)
        monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path / folder))
        return CliRunner().invoke(main, words)

    assert run("init", "--company", "ACME").exit_code == 0
    return run


@pytest.fixture
def file(tmp_path) -> str:
    return str(tmp_path / "backup.zip")


def test_a_ledger_is_backed_up_restored_and_vouched_for(run, file):
    backed_up = run("backup", file)
    restored = run("restore", file, folder="second")

    assert backed_up.exit_code == restored.exit_code == 0, backed_up.output + restored.output
    assert "1 files" in backed_up.stdout
    assert "whole" in restored.stdout
    assert "NOTHING IS SENT" in run("fence", folder="second").stdout
    assert run("fence", "confirm", "--reason", "New machine", folder="second").exit_code == 0
    assert "New machine" in run("fence", folder="second").stdout
    assert "New machine" not in run("fence").stdout


def test_the_original_goes_on_sending(run, file):
    run("backup", file)

    assert run("fence").stdout.startswith("Messages are sent from here.")


def test_a_machine_that_is_about_to_be_cloned_is_stopped_by_hand(run):
    stopped = run("fence", "close", "--reason", "Cloned tonight")

    assert stopped.exit_code == 0
    assert "NOTHING IS SENT" in run("fence").stdout
    assert run("fence", "close", "--reason", "Twice").exit_code == 2


@pytest.mark.parametrize(
    ("words", "folder", "problem"),
    [
        (["backup", "FILE"], "first", "is there already"),
        (["restore", "FILE"], "first", "is not empty"),
        (["restore", "nowhere.zip"], "second", "does not exist"),
        (["restore", __file__], "second", "no backup of arfollow"),
        (["fence", "confirm", "--reason", "Why not"], "first", "live system already"),
        (["fence", "confirm"], "first", "--reason"),
    ],
)
def test_bad_input_is_named(run, file, words, folder, problem):
    run("backup", file)

    answer = run(*(word.replace("FILE", file) for word in words), folder=folder)

    assert answer.exit_code == 2
    assert problem in " ".join(answer.stderr.split())
