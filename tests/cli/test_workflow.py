import pytest
from click.testing import CliRunner

from arfollow.cli import main


@pytest.fixture
def run(tmp_path):
    """Runs `arfollow workflow` beside the files of the examples."""
    CliRunner().invoke(main, ["workflow", "examples", "--out", str(tmp_path)])

    def run(command, name, *words):
        return CliRunner().invoke(main, ["workflow", command, str(tmp_path / name), *words])

    return run


def test_the_examples_are_named_and_written(run, tmp_path):
    listed = CliRunner().invoke(main, ["workflow", "examples"]).output

    assert len(listed.splitlines()) == 15
    assert len(list(tmp_path.glob("*.toml"))) == 15


def test_an_example_can_be_published(run):
    answer = run("check", "collection.toml")

    assert answer.exit_code == 0
    assert "can be published" in answer.output


def test_what_is_missing_is_said(run, tmp_path):
    (tmp_path / "bad.toml").write_text('name = "Bad"\n[trigger]\nkind = "by_hand"\n')

    answer = run("check", "bad.toml")

    assert answer.exit_code == 2
    assert "Bad: The workflow does nothing yet" in answer.output


def test_a_track_is_drawn_with_days_from_the_start_and_between(run):
    lines = run("timetable", "existing-customers.toml").output.splitlines()

    assert [line.split()[:2] for line in lines[2:4]] == [["45", "45"], ["90", "45"]]


def test_a_play_takes_the_path_of_its_facts_and_events(run):
    mobile = ("--from", "2026-11-20", "--fact", "customer.mobile=+491701234567")
    alone = run("play", "collection.toml", *mobile).output
    opened = run("play", "collection.toml", *mobile, "--event", "confirmed:mail@1").output

    assert "2026-11-20 09:00  day    0" in alone
    assert "(sms)" in alone
    assert "(sms)" not in opened
    assert "day    4" in opened


@pytest.mark.parametrize(
    "words",
    [
        ["--event", "opened"],
        ["--event", "@3"],
        ["--event", "opened@soon"],
        ["--event", "opened@1e300"],
        ["--fact", "country"],
        ["--days", "-1"],
        ["--days", "99999999"],
    ],
)
def test_what_cannot_be_played_is_refused(run, words):
    assert run("play", "collection.toml", *words).exit_code == 2


@pytest.mark.parametrize("command", ["check", "timetable", "play"])
def test_a_file_that_is_none_is_named(run, tmp_path, command):
    (tmp_path / "broken.toml").write_bytes(b"\xff")

    for name in ("nowhere.toml", "broken.toml"):
        answer = run(command, name)

        assert answer.exit_code == 2
        assert name in answer.output
