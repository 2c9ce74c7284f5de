import click
import pytest
from click.testing import CliRunner

from arfollow.cli.days import day_option


@click.command()
@day_option("--on", "A day.")
def show(day) -> None:
    """Prints the day."""
    click.echo(repr(day))


@pytest.mark.parametrize(
    ("words", "shown"),
    [(["--on", "2026-02-28"], "datetime.date(2026, 2, 28)"), ([], "None")],
)
def test_a_day_is_read_and_may_be_left_out(words, shown):
    assert CliRunner().invoke(show, words).stdout.strip() == shown


@pytest.mark.parametrize(
    "text", ["2026-02-29", "20260228", "2026-W09-1", "28.02.2026", "0001-01-01", "9999-12-31", "today", ""]
)
def test_what_is_no_day_of_a_ledger_is_refused_in_words(text):
    answer = CliRunner().invoke(show, ["--on", text])

    assert answer.exit_code == 2
    assert f"{text!r} is not a day from 1900 to 2999, such as 2026-11-21." in " ".join(answer.stderr.split())
