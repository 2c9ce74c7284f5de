"""`arfollow import`: customers, invoices and payments from files, and the nightly list of open items."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import click

from arfollow.chatter.operations import SYSTEM
from arfollow.cli.days import day_option
from arfollow.cli.ledger import Ledger, company_option, open_ledger
from arfollow.database import begin_write, commit
from arfollow.exchange.dates import ORDERS
from arfollow.exchange.entering import OpenItems
from arfollow.exchange.files import File
from arfollow.exchange.formats import Format
from arfollow.exchange.mapping import MappingError, find_mapping, mark_of, order_of
from arfollow.exchange.operations import AsOfError, Prepared, TooMuchGoneError, apply, prepare
from arfollow.exchange.problems import ImportRefusedError
from arfollow.exchange.reading import Row
from arfollow.exchange.report import Report
from arfollow.exchange.translating import Reading
from arfollow.exchange.uploads.mappings import saved_formats

_LARGE = 5_000


class BadInputError(click.ClickException):
    """What was given cannot be imported."""

    exit_code = 2


@click.command(name="import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--mapping",
    metavar="NAME|FILE",
    help="How to read a file of another program, if its heading does not say.",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen, and write nothing.")
@click.option("--open-items", is_flag=True, help="The file is the complete list of what is open.")
@day_option("--as-of", "The day of that list.")
@click.option(
    "--customers-in-file", is_flag=True, help="It is complete for the customers that it names only."
)
@click.option("--confirm", is_flag=True, help="More than a tenth is gone, and that is right.")
@click.option("--date-order", type=click.Choice(ORDERS), help="The order of all dates in the files.")
@click.option(
    "--decimal-mark", type=click.Choice(["point", "comma"]), help="The mark of all amounts in them."
)
@company_option
def import_(
    *,
    files: tuple[Path, ...],
    mapping: str | None,
    dry_run: bool,
    open_items: bool,
    day: date | None,
    customers_in_file: bool,
    confirm: bool,
    date_order: str | None,
    decimal_mark: str | None,
    company: str | None,
) -> None:
    """Read customers.csv, invoices.csv, payments.csv, events.csv or other programs' files, all or nothing.

    The same file again changes nothing. With --open-items --as-of DAY what is missing was settled on that day.
    """
    wanted = _open_items(
        is_list=open_items,
        as_of=day,
        customers_in_file=customers_in_file,
        confirmed=confirm,
    )
    with open_ledger(company) as ledger:
        saved = saved_formats(ledger.session, company_id=ledger.company_id)
        # Reading takes its time: no transaction is open meanwhile.
        ledger.session.rollback()
        reading = Reading(
            mapping=_mapping(mapping, saved),
            saved=saved,
            date_order=order_of(date_order),
            decimal_mark=mark_of(decimal_mark),
            open_items=open_items,
        )
        prepared = _prepare(files, reading)
        report = _apply(ledger, prepared, wanted, dry_run=dry_run)
    _tell(report, dry_run=dry_run)


def _mapping(name: str | None, saved: Sequence[Format]) -> Format | None:
    try:
        return find_mapping(name, saved) if name else None
    except MappingError as problem:
        raise BadInputError(str(problem)) from None


def _open_items(
    *, is_list: bool, as_of: date | None, customers_in_file: bool, confirmed: bool
) -> OpenItems | None:
    if not is_list:
        if as_of or customers_in_file or confirmed:
            raise click.UsageError("--as-of, --customers-in-file and --confirm go with --open-items only.")
        return None
    if as_of is None:
        raise click.UsageError("--open-items needs --as-of DAY: on which day was this open?")
    return OpenItems(as_of=as_of, customers_in_file=customers_in_file, confirmed=confirmed)


def _prepare(paths: Sequence[Path], reading: Reading) -> Prepared:
    names = [path.name for path in paths]
    files = [_copied(path, path.name if names.count(path.name) == 1 else str(path)) for path in paths]
    return prepare(files, reading, progress=_progress)


def _copied(path: Path, name: str) -> File:
    try:
        return File(name=name, content=path)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None


def _apply(ledger: Ledger, prepared: Prepared, open_items: OpenItems | None, *, dry_run: bool) -> Report:
    begin_write(ledger.session)
    try:
        report = apply(
            ledger.session,
            company_id=ledger.company_id,
            prepared=prepared,
            open_items=open_items,
            today=ledger.today,
            who=SYSTEM,
        )
    except ImportRefusedError as refusal:
        for problem in refusal.problems:
            click.echo(str(problem), err=True)
        many = len(refusal.problems)
        raise BadInputError(
            f"{many} {'problem' if many == 1 else 'problems'}. Nothing was imported."
        ) from None
    except (AsOfError, TooMuchGoneError) as refusal:
        raise BadInputError(str(refusal)) from None
    if dry_run:
        ledger.session.rollback()
    else:
        commit(ledger.session)
    return report


def _tell(report: Report, *, dry_run: bool) -> None:
    for note in report.notes:
        click.echo(f"Note: {note}", err=True)
    for line in report.lines:
        click.echo(line)
    if dry_run:
        click.echo("This was a dry run: nothing was written.")
    elif not report.is_new:
        click.echo("Nothing has changed.")


def _progress(file: str, rows: Iterable[Row], count: int) -> Iterable[Row]:
    return _tracked(file, rows, count) if count >= _LARGE and sys.stderr.isatty() else rows


def _tracked(file: str, rows: Iterable[Row], count: int) -> Iterator[Row]:
    with click.progressbar(rows, length=count, label=f"Reading {file}", file=sys.stderr) as bar:
        yield from bar
    click.echo("Writing …", err=True)
