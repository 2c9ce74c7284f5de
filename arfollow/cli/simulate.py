"""`arfollow simulate`: what the rules make of a scenario."""

from __future__ import annotations

import json
from pathlib import Path

import click

from arfollow.followup.simulation.parsing import parse
from arfollow.followup.simulation.play import play
from arfollow.followup.simulation.reading import ScenarioError


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def simulate(file: Path) -> None:
    """Play the scenario in FILE (JSON) and print a line for each day and listed customer."""
    try:
        scenario = parse(json.loads(file.read_text(encoding="utf-8")))
    except OSError as problem:
        raise click.UsageError(f"{file}: {problem.strerror}") from None
    except (ScenarioError, ValueError) as problem:
        raise click.UsageError(f"{file}: {problem}") from None
    for line in play(scenario):
        click.echo(json.dumps(line, ensure_ascii=False))
