"""`arfollow workflow`: workflows as files, looked at and played; nothing is kept or sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import click
from flask import current_app

from arfollow import clock
from arfollow.cli.ledger import company_option, open_ledger
from arfollow.delivery.webhook import secret_of
from arfollow.workflows.examples import examples
from arfollow.workflows.file import WorkflowFileError, read_workflow
from arfollow.workflows.rules.acting import ACTING
from arfollow.workflows.rules.checking import problems
from arfollow.workflows.rules.conditions import Value
from arfollow.workflows.rules.definition import Definition, Step
from arfollow.workflows.rules.facts import Event
from arfollow.workflows.rules.playing import Play, play_whole
from arfollow.workflows.rules.timeline import Row, timeline
from arfollow.workflows.rules.waits import Place

_MORNING = time(9)
_LONGEST_DAYS = 20_000
_FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group()
def workflow() -> None:
    """Look at workflows in TOML files: check them, draw them, play them on a simulated clock. Nothing is kept or sent."""


@workflow.command("examples")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write their files into a folder."
)
def list_examples(*, out: Path | None) -> None:
    """Name the workflows that come along."""
    for each in examples():
        click.echo(f"{each.number:2}  {each.name}: {each.definition.name}")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for each in examples():
            (out / f"{each.name}.toml").write_text(each.text, encoding="utf-8")
        click.echo(f"Written to {out}")


@workflow.command("webhook-secret")
@company_option
def webhook_secret(*, company: str | None) -> None:
    """Show the secret by which receivers of webhooks know that they come from this company."""
    with open_ledger(company) as ledger:
        key = current_app.config["SETTINGS"].secret_key
        click.echo(secret_of(ledger.company_id, key=key))


@workflow.command()
@_FILE
def check(*, file: Path) -> None:
    """Say what keeps the workflow of FILE from being published."""
    definition = _read(file)
    found = problems(definition, acting=ACTING)
    for problem in found:
        click.echo(f"{problem.step or definition.name}: {problem.words}")
    if found:
        raise click.UsageError(f"{file}: {len(found)} to mend.")
    click.echo(f"{definition.name} can be published.")


@workflow.command()
@_FILE
def timetable(*, file: Path) -> None:
    """Draw the workflow of FILE: days from the start, what happens, days between."""
    click.echo("  day  between  step")
    for row in timeline(_read(file)):
        click.echo(_row(row))


@workflow.command()
@_FILE
@click.option("--days", default=365, show_default=True, help="How long the clock runs.")
@click.option(
    "--from", "begun", type=click.DateTime(["%Y-%m-%d"]), help="The first day; today when left out."
)
@click.option("--fact", "facts", multiple=True, metavar="NAME=VALUE", help="What is known of the customer.")
@click.option(
    "--event", "events", multiple=True, metavar="KIND[:STEP]@DAY", help="What happens so many days later."
)
@click.option("--country", default="DE", show_default=True, help="Where the customer lives.")
def play(
    *,
    file: Path,
    days: int,
    begun: datetime | None,
    facts: Sequence[str],
    events: Sequence[str],
    country: str,
) -> None:
    """Play the workflow of FILE with one customer, who enters at nine in the morning; says what would be done when.

    Such as: arfollow workflow play collection.toml --event confirmed:mail@1 --fact customer.mobile=+491701234567
    """
    definition = _read(file)
    first = datetime.combine(begun.date() if begun else clock.now().date(), _MORNING, UTC)
    if not 0 <= days <= _LONGEST_DAYS:
        raise click.UsageError(f"--days: from 0 to {_LONGEST_DAYS}.")
    known = dict(_fact(each) for each in facts)
    played = play_whole(
        definition,
        begun=first,
        until=first + timedelta(days=days),
        place=Place(timezone="UTC", country=country),
        facts_at=lambda _now: known,
        events=sorted((_event(each, first) for each in events), key=lambda event: event.at),
    )
    _tell(played, first)


def _read(file: Path) -> Definition:
    try:
        return read_workflow(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise click.UsageError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{file}: this is no UTF-8 text.") from None
    except WorkflowFileError as error:
        raise click.UsageError(f"{file}: {error}") from None


def _row(row: Row) -> str:
    day = "" if row.day is None else f"{'~' if row.is_about else ''}{row.day}"
    between = "" if row.between is None else str(row.between)
    path = "".join(f"{label} > " for label in row.path)
    return f"{day:>5}  {between:>7}  {path}{_named(row.step)}"


def _tell(played: Play, first: datetime) -> None:
    for each in played.steps:
        beside = "  (beside)" if each.path else ""
        click.echo(f"{each.at:%Y-%m-%d %H:%M}  day {(each.at - first).days:>4}  {_named(each.step)}{beside}")
    if played.ended != "waiting":
        click.echo(
            f"Over on {played.ended_at:%Y-%m-%d}: {'the goal' if played.ended == 'goal' else 'the end'}."
        )
        return
    until = f" until {played.until:%Y-%m-%d %H:%M}" if played.until else ""
    events = f" for {', '.join(sorted(played.waits_for))}" if played.waits_for else ""
    click.echo(f"Still waiting{events}{until}.")


def _named(step: Step) -> str:
    return f"{step.name or step.key} ({step.kind.value})"


def _fact(text: str) -> tuple[str, Value]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise click.UsageError(f"--fact {text!r}: write NAME=VALUE, such as customer.country=DE.")
    return name, _value(value)


def _value(text: str) -> Value:
    if text in ("true", "false"):
        return text == "true"
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _event(text: str, first: datetime) -> Event:
    what, at, day = text.rpartition("@")
    kind, _colon, of = what.partition(":")
    try:
        when = first + timedelta(days=float(day))
    except (OverflowError, ValueError):
        when = None
    if not at or not kind or when is None:
        raise click.UsageError(f"--event {text!r}: write KIND@DAY or KIND:STEP@DAY, such as opened:mail@1.")
    return Event(kind=kind, at=when, of=of)
