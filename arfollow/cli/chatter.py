"""`arfollow chatter`: verifies the log, and writes it to files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from arfollow.chatter.export import export as write_files
from arfollow.chatter.verification import Report, companies_with_chatter, verify
from arfollow.cli.ledger import company_option, open_database, open_ledger
from arfollow.companies.queries import company_names

_MOST_LINES = 20


class LogNotIntactError(click.ClickException):
    """The log is not whole; what is wrong was printed."""

    def __init__(self) -> None:
        super().__init__(
            "The log is not as it was written. Compare with a backup before anything else is done."
        )


@click.group()
def chatter() -> None:
    """The log of everything that happened."""


@chatter.command("verify")
@company_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a company.")
def verify_command(*, company: str | None, as_json: bool) -> None:
    """Check each entry, document and erasable part against its hash, and each chain to its head. All companies, unless one is named."""
    reports = _reports(company)
    for name, report in reports:
        click.echo(json.dumps(_object(name, report), ensure_ascii=False) if as_json else _words(name, report))
    if not all(report.is_intact for _, report in reports):
        raise LogNotIntactError


@chatter.command("export")
@company_option
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="An empty folder; it is made when it is missing.",
)
def export_command(*, company: str | None, folder: Path) -> None:
    """Write a company's entries, people and documents into a folder."""
    with open_ledger(company) as ledger:
        try:
            written = write_files(ledger.session, company_id=ledger.company_id, folder=folder)
        except FileExistsError:
            raise click.UsageError(f"{folder} is not empty. Choose a new folder.") from None
        except OSError as error:
            raise click.ClickException(f"{folder}: {error.strerror}") from None
    click.echo(f"{written.entries} entries and {written.documents} documents written to {folder}")


def _reports(company: str | None) -> Sequence[tuple[str, Report]]:
    """With the company's name; one that only the log knows has none."""
    if company is not None:
        with open_ledger(company) as ledger:
            return [(ledger.company_name, verify(ledger.session, company_id=ledger.company_id))]
    with open_database() as session:
        names = {each.id: each.name for each in company_names(session)}
        known = sorted(names.keys() | set(companies_with_chatter(session)))
        return [(names.get(id_, ""), verify(session, company_id=id_)) for id_ in known]


def _words(name: str, report: Report) -> str:
    figures = f"{report.entries} entries, {report.documents} documents, {len(report.erased)} erased"
    name = name or f"Unknown company {report.company_id}"
    if report.is_intact:
        return f"{name}: whole. {figures}. Head {report.head}"
    shown = [f"  {problem}" for problem in report.problems[:_MOST_LINES]]
    more = len(report.problems) - len(shown)
    return "\n".join(
        [f"{name}: NOT WHOLE. {figures}. First bad:", *shown, *([f"  and {more} more"] if more > 0 else [])]
    )


def _object(name: str, report: Report) -> Mapping[str, object]:
    return {
        "company": name,
        "company_id": report.company_id,
        "intact": report.is_intact,
        "entries": report.entries,
        "documents": report.documents,
        "erased": len(report.erased),
        "head": report.head,
        "problems": [
            {"chain": problem.chain, "sequence": problem.sequence, "reason": problem.reason}
            for problem in report.problems
        ],
    }
