"""`arfollow chatter`: verifies the log, and writes it as a bundle that anybody can verify."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from sqlalchemy.orm import Session

from arfollow.chatter import verifier
from arfollow.chatter.export import export as write_bundle
from arfollow.chatter.export import verifier_source
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
@click.option(
    "--head",
    metavar="FILE",
    help="Heads that were sent outside: a file, a folder of them, or SEQUENCE:HASH.",
)
@click.option(
    "--bundle",
    type=click.Path(exists=True, path_type=Path),
    help="Check what `chatter export` wrote, in place of the database.",
)
def verify_command(*, company: str | None, as_json: bool, head: str | None, bundle: Path | None) -> None:
    """Check each entry, document and erasable part against its hash, and each chain to its head. All companies, unless one is named."""
    if bundle is not None:
        _verify_bundle(bundle, head)
        return
    reports = _reports(company, head)
    for name, report in reports:
        click.echo(json.dumps(_object(name, report), ensure_ascii=False) if as_json else _words(name, report))
    if not all(report.is_intact for _, report in reports):
        raise LogNotIntactError


@chatter.command("export")
@company_option
@click.option(
    "--out",
    "path",
    required=True,
    type=click.Path(path_type=Path),
    help="A new folder, or a new file that ends with .zip.",
)
def export_command(*, company: str | None, path: Path) -> None:
    """Write a company's log with all that its hashes need, and the program that checks it."""
    with open_ledger(company) as ledger:
        try:
            written = write_bundle(
                ledger.session, company_id=ledger.company_id, company_name=ledger.company_name, path=path
            )
        except FileExistsError:
            raise click.UsageError(f"{path} is there already. Choose a new name.") from None
        except OSError as error:
            raise click.ClickException(f"{path}: {error.strerror}") from None
    click.echo(f"{written.entries} entries and {written.documents} documents written to {path}")


@chatter.command("verifier")
@click.option(
    "--out", "path", type=click.Path(dir_okay=False, path_type=Path), help="A file; else it is printed."
)
def verifier_command(*, path: Path | None) -> None:
    """Give the stand-alone program that checks a bundle: one file that needs nothing but Python."""
    if path is None:
        click.echo(verifier_source().decode(), nl=False)
    else:
        path.write_bytes(verifier_source())


def _verify_bundle(bundle: Path, head: str | None) -> None:
    code = verifier.main([str(bundle), *(["--head", head] if head else [])])
    if code:
        raise SystemExit(code)


def _reports(company: str | None, head: str | None) -> Sequence[tuple[str, Report]]:
    """With the company's name; one that only the log knows has none."""
    if company is not None:
        with open_ledger(company) as ledger:
            return [(ledger.company_name, _report(ledger.session, ledger.company_id, head))]
    with open_database() as session:
        names = {each.id: each.name for each in company_names(session)}
        known = sorted(names.keys() | set(companies_with_chatter(session)))
        if head is not None and ":" in head and len(known) > 1:
            raise click.UsageError("Say whose head this is: --company NAME")
        return [(names.get(id_, ""), _report(session, id_, head)) for id_ in known]


def _report(session: Session, company_id: int, head: str | None) -> Report:
    try:
        outside = verifier.read_heads(head, company_id) if head else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise click.UsageError(f"{head} holds no heads that can be read: {error}") from None
    return verify(session, company_id=company_id, outside=outside)


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
