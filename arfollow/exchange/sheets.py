"""Imports as files: the history, and the problems of one."""

from __future__ import annotations

from functools import partial

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.exchange.uploads.queries import Job, PastImport, past_imports, problems_of
from arfollow.spreadsheet import Sheet
from arfollow.web.exports import batches
from arfollow.web.refusals import said


def history_sheet(session: Session, *, company_id: int) -> Sheet:
    """All imports, the latest first."""
    header = (
        _("Imported"),
        _("By"),
        _("Files"),
        _("As of"),
        _("New"),
        _("Changed"),
        _("Unchanged"),
        _("Undone"),
    )
    read = partial(_page, session, company_id)
    return Sheet(name=_("Imports"), header=header, rows=map(_row, batches(read)))


def problems_sheet(session: Session, job: Job) -> Sheet:
    """All problems of an import, in the order of its files and rows."""
    header = (_("File"), _("Row"), _("Field"), _("Problem"))
    rows = (
        (each.file, each.line or None, each.field, said(each.message))
        for each in problems_of(session, import_id=job.id)
    )
    return Sheet(name=_("Problems of import %(number)s", number=job.id), header=header, rows=rows)


def _page(session: Session, company_id: int, number: int) -> list[PastImport]:
    return list(past_imports(session, company_id=company_id, page=number))


def _row(each: PastImport) -> tuple[object, ...]:
    counts = each.report.counts if each.report else ()
    return (
        each.at,
        each.by,
        ", ".join(each.files),
        each.as_of,
        sum(count.new for count in counts),
        sum(count.changed for count in counts),
        sum(count.unchanged for count in counts),
        each.undone_at,
    )
