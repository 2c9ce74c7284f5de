"""`arfollow plan`: plans as files."""

from __future__ import annotations

from pathlib import Path

import click

from arfollow.chatter.operations import SYSTEM
from arfollow.cli.ledger import company_option, open_ledger
from arfollow.database import commit
from arfollow.levels.drafts import PlanError, warnings
from arfollow.levels.file import PlanFileError, read_plan, write_plan
from arfollow.levels.operations import write_whole_plan
from arfollow.levels.queries import plans
from arfollow.users.queries import members


@click.group()
def plan() -> None:
    """Read and write plans with their levels and words as TOML files."""


@plan.command("export")
@click.argument("name", required=False)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of the screen.")
@company_option
def export_plan(*, name: str | None, out: Path | None, company: str | None) -> None:
    """Write the plan NAME (the default plan when left out)."""
    with open_ledger(company) as ledger:
        known = plans(ledger.session, company_id=ledger.company_id)
        people = {each.user_id: each.email for each in members(ledger.session, company_id=ledger.company_id)}
    found = [each for each in known if (each.draft.name == name if name else each.is_default)]
    if not found:
        names = ", ".join(each.draft.name for each in known) or "none yet"
        raise click.UsageError(f"There is no plan {name!r}. Plans: {names}.")
    text = write_plan(found[0].whole, people=people)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    click.echo(f"Written to {out}")


@plan.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@company_option
def import_plan(*, file: Path, company: str | None) -> None:
    """Create the plan of FILE, or make the plan of its name what FILE says.

    Levels are known by their names; one that is not in the file is deleted, or retired if it was used.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{file}: this is no UTF-8 text.") from None
    with open_ledger(company, writing=True) as ledger:
        people = {each.user_id: each.email for each in members(ledger.session, company_id=ledger.company_id)}
        try:
            whole = read_plan(text, people=people)
            write_whole_plan(
                ledger.session, company_id=ledger.company_id, whole=whole, today=ledger.today, who=SYSTEM
            )
        except (PlanError, PlanFileError) as error:
            raise click.UsageError(f"{file}: {error}") from None
        commit(ledger.session)
    for warning in warnings(whole.plan, whole.levels):
        click.echo(f"Note: {warning}", err=True)
    click.echo(f"Plan {whole.plan.name} has {len(whole.levels)} levels.")
