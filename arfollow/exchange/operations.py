"""Imports: reads files, enters them into the books, writes what has changed, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from arfollow.bulk import collecting_only_what_is_new
from arfollow.exchange.entering import Entered, Entering, OpenItems
from arfollow.exchange.files import File
from arfollow.exchange.posting.open_items import Gone
from arfollow.exchange.problems import Problems
from arfollow.exchange.recording import ImportedFile, last_as_of, record_import
from arfollow.exchange.report import Report
from arfollow.exchange.staging import Staging
from arfollow.exchange.translating import Progress, Reading, read_files
from arfollow.receivables.queries.aging import open_totals
from arfollow.values.refusals import N_, Refusal, Remark


class AsOfError(Refusal, ValueError):
    """A list of open items cannot be as of that day."""

    def __init__(self, day: date, reason: str) -> None:
        super().__init__(N_("The list cannot be as of %(day)s: %(why)s."), day=day, why=reason)


class TooMuchGoneError(Refusal, ValueError):
    """So much is gone since the last list that the file may not be whole."""

    command = "If the file is whole, import it with --confirm."

    def __init__(self, gone: Gone | None) -> None:
        self.gone = gone
        if gone is None:
            super().__init__(N_("The list is empty. Nothing was imported."))
        else:
            super().__init__(
                N_("More than a tenth is gone: %(gone)s. Nothing was imported."), gone=gone.parts
            )


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Files that have been read, before anything is looked up in the ledger."""

    files: Sequence[ImportedFile]
    staging: Staging
    problems: Problems


def prepare(files: Sequence[File], reading: Reading, *, progress: Progress | None = None) -> Prepared:
    """Read the files, all of them alike; takes its time and needs no database. What is wrong in them is told by `apply`."""
    return prepare_each([(file, reading) for file in files], progress=progress)


def prepare_each(files: Sequence[tuple[File, Reading]], *, progress: Progress | None = None) -> Prepared:
    """The same for files that are read each in its own way."""
    problems = Problems([file.name for file, _ in files])
    return Prepared(
        staging=read_files(files, problems, progress=progress),
        files=[ImportedFile(name=file.name, sha256=file.sha256) for file, _ in files],
        problems=problems,
    )


def apply(
    session: Session,
    *,
    company_id: int,
    prepared: Prepared,
    open_items: OpenItems | None = None,
    today: date,
    who: str,
) -> Report:
    """Write what the files change, with one chatter entry; nothing and no entry if they change nothing.

    To see what would happen, roll the transaction back, and so when it raises ImportRefusedError with every problem,
    AsOfError or TooMuchGoneError.
    """
    entering = Entering(
        session=session,
        company_id=company_id,
        staging=prepared.staging,
        # A copy: the same files may be applied again after something was put right in the ledger.
        problems=prepared.problems.copy(),
        open_items=open_items,
        today=today,
        who=who,
    )
    # First, so that what is read here is what the import before this one has left.
    entering.lock()
    last = last_as_of(session, company_id=company_id)
    if open_items is not None:
        _check_day(open_items.as_of, last, today)
    entered, report = _enter(entering, last)
    return _recorded(entering, entered, report, files=prepared.files) if report.is_new else report


def _enter(entering: Entering, last: date | None) -> tuple[Entered, Report]:
    """Enter what was staged, and report it; `last`: the day of the last list of open items. Raise as `apply` does."""
    session, company_id, open_items = entering.session, entering.company_id, entering.open_items
    day = entering.today if open_items is None else open_items.as_of
    before = open_totals(session, company_id=company_id, day=day)
    with collecting_only_what_is_new():
        entered = entering.enter()
    if open_items is not None and not open_items.confirmed:
        _check_gone(entering.staging, entered.gone)
    return entered, Report(
        day=day,
        counts=entered.counts,
        before=tuple(before),
        after=tuple(open_totals(session, company_id=company_id, day=day)),
        notes=tuple(entered.notes),
        is_new=entered.changes > 0 or (open_items is not None and day != last),
    )


def _recorded(
    entering: Entering, entered: Entered, report: Report, *, files: Sequence[ImportedFile]
) -> Report:
    """The report of the import that was recorded."""
    import_id = record_import(
        entering.session,
        company_id=entering.company_id,
        files=files,
        as_of=None if entering.open_items is None else report.day,
        report=report,
        documents=entered.record.finish(report),
        brought=entered.brought,
        who=entering.who,
    )
    return replace(report, import_id=import_id)


def _check_day(day: date, last: date | None, today: date) -> None:
    if day > today:
        raise AsOfError(day, Remark(N_("today is %(day)s"), day=today))
    if last is not None and day < last:
        raise AsOfError(day, Remark(N_("there was one as of %(day)s already"), day=last))


def _check_gone(staging: Staging, gone: Gone) -> None:
    if not staging.has_items:
        raise TooMuchGoneError(None)
    if gone.is_much:
        raise TooMuchGoneError(gone)
