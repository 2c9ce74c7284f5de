"""The trace that an import leaves: a row, a chatter entry, and a document with what was before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.documents import store
from arfollow.chatter.operations import record
from arfollow.companies.operations import set_imported_on
from arfollow.exchange.report import Count, Report, encoded, encoded_totals, laid_out, paired_totals
from arfollow.receivables.queries.aging import Totals
from arfollow.receivables.rules.books import Change
from arfollow.receivables.tables import LedgerImport
from arfollow.values.money import Money, plain
from arfollow.values.remarks import brought_back, kept

OPEN_ITEMS = "open-items"
LEDGER = "ledger"
_MOST_NOTES = 200
CHANGES = 50_000
"""As many stand in one document."""


@dataclass(frozen=True, kw_only=True)
class ImportedFile:
    """A file that was read, by its name and the digest of its bytes."""

    name: str
    sha256: str


class ChangesRecord:
    """The documents that hold an import's changes, stored as they fill up: a million changes fit into no memory."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lines: list[str] = []
        self._full: list[str] = []

    def add(self, changes: Iterable[Change]) -> None:
        """Keep these changes, in their order."""
        self.add_lines(map(encoded, changes))

    def add_lines(self, lines: Iterable[str]) -> None:
        """Keep changes that are lines of JSON already."""
        self._lines += lines
        while len(self._lines) > CHANGES:
            self._full.append(self._stored({"part": len(self._full) + 1}, self._lines[:CHANGES]))
            del self._lines[:CHANGES]

    def finish(self, report: Report) -> list[str]:
        """The digests of all documents; the last one holds the totals, too."""
        part = {"part": len(self._full) + 1} if self._full else {}
        last = self._stored({**part, **encoded_totals(report.before, report.after)}, self._lines)
        return [*self._full, last]

    def _stored(self, head: Mapping[str, object], lines: Sequence[str]) -> str:
        return store(self._session, media_type="application/json", content=laid_out(head, lines))


def last_as_of(session: Session, *, company_id: int) -> date | None:
    """The day of the latest list of open items that was imported; None when there was none."""
    of_lists = (
        LedgerImport.company_id == company_id,
        LedgerImport.kind == OPEN_ITEMS,
        LedgerImport.undone_at.is_(None),
    )
    return session.scalar(select(func.max(LedgerImport.as_of)).where(*of_lists))


def record_import(
    session: Session,
    *,
    company_id: int,
    files: Sequence[ImportedFile],
    as_of: date | None,
    report: Report,
    documents: Sequence[str],
    brought: int,
    who: str,
) -> int:
    """Record an import that changed something, or that a list of open items was seen as of a new day; gives its id.

    `brought`: how many customers' plans and levels came with it.
    """
    row = LedgerImport(
        company_id=company_id,
        at=clock.now(),
        by=who,
        kind=LEDGER if as_of is None else OPEN_ITEMS,
        as_of=as_of,
        summary="\n".join(report.lines),
        facts={
            **report_facts(report),
            # They may name customers, and here nobody would find them who erases one.
            "notes": [],
            "files": [{"name": file.name, "sha256": file.sha256} for file in files],
            "documents": list(documents),
            "brought": brought,
        },
    )
    session.add(row)
    session.flush()
    if as_of is not None:
        set_imported_on(session, company_id=company_id, on=as_of)
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="ledger:imported" if as_of is None else "open-items:imported",
        who=who,
        text=_text(files, as_of, report),
        facts=_facts(files, as_of, report),
        documents=documents,
    )
    return row.id


def report_facts(report: Report) -> dict[str, Any]:
    """A report as JSON keeps it; `read_report` gives it back."""
    return {
        "day": report.day.isoformat(),
        "counts": [asdict(count) for count in report.counts],
        "before": [asdict(total) for total in report.before],
        "after": [asdict(total) for total in report.after],
        "notes": [kept(note) for note in report.notes[:_MOST_NOTES]],
        "is_new": report.is_new,
    }


def read_report(facts: Mapping[str, Any]) -> Report:
    """The report of which these are the facts."""
    return Report(
        day=date.fromisoformat(facts["day"]),
        counts=tuple(Count(**count) for count in facts["counts"]),
        before=tuple(Totals(**total) for total in facts["before"]),
        after=tuple(Totals(**total) for total in facts["after"]),
        notes=tuple(map(brought_back, facts["notes"])),
        is_new=facts["is_new"],
    )


def _facts(files: Sequence[ImportedFile], as_of: date | None, report: Report) -> Mapping[str, object]:
    return {
        "files": [{"name": file.name, "sha256": file.sha256} for file in files],
        "as_of": as_of,
        "counts": {
            count.what: {"new": count.new, "changed": count.changed, "unchanged": count.unchanged}
            for count in report.counts
        },
        "open_before": [Money(each.currency, each.amount) for each in report.before],
        "open_after": [Money(each.currency, each.amount) for each in report.after],
    }


def _text(files: Sequence[ImportedFile], as_of: date | None, report: Report) -> str:
    names = ", ".join(file.name for file in files)
    when = "" if as_of is None else f" as of {as_of.isoformat()}"
    totals = "; ".join(
        f"{is_now.currency} open {plain(was.amount, was.currency)} → {plain(is_now.amount, is_now.currency)}"
        for was, is_now in paired_totals(report.before, report.after)
    )
    return f"Imported {names}{when}. {report.summary}.{f' {totals}.' if totals else ''}"
