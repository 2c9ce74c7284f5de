"""What the pages of one import show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, request
from sqlalchemy.orm import Session

from arfollow.access import Permission, current_scope
from arfollow.database import current_session
from arfollow.exchange.files import File
from arfollow.exchange.formats import CANONICAL
from arfollow.exchange.uploads import words
from arfollow.exchange.uploads.fields import FIELDS, given, missing, named_fields, needed
from arfollow.exchange.uploads.mappings import saved_formats, saved_mappings
from arfollow.exchange.uploads.preview import ROWS, Known, preview
from arfollow.exchange.uploads.queries import Job, JobFile, find_import, find_job, problems_of, stored_file
from arfollow.exchange.uploads.rules import KEPT_DAYS, LARGEST, MOST_FILES, OWN, Kind, Settings, State
from arfollow.exchange.uploads.shown import Preview
from arfollow.profiles.queries.sets import field_names
from arfollow.web.htmx import page
from arfollow.web.input import whole

PROBLEMS_SHOWN = 50
_PAUSE = 1
"""Seconds until a page asks again how far a worker is."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An import whose files can be changed, one of them, and what it is read by."""

    job: Job
    file: JobFile
    stored: File
    known: Known


def find(import_id: int) -> Job:
    """The company's import; one that is not over is its maker's alone, but for its progress."""
    scope = current_scope()
    job = find_job(current_session(), company_id=scope.company_id, import_id=import_id)
    if job is None or (job.user_id != scope.user_id and job.state not in (State.RUNNING, State.DONE)):
        abort(404)
    return job


def opened(import_id: int, file_id: int) -> Opened:
    """The import and the file of it, ready to be read."""
    job, session = find(import_id), current_session()
    file = next((each for each in job.files if each.id == file_id), None)
    if file is None:
        abort(404)
    if not job.state.is_open:
        abort(409)
    return Opened(
        job=job,
        file=file,
        stored=stored_file(session, import_id=job.id, file=file),
        known=known_formats(session),
    )


def known_formats(session: Session) -> Known:
    """The formats that files of the company are recognised by."""
    return Known(saved=saved_formats(session, company_id=current_scope().company_id))


def job_page(job: Job, *, file_id: int | None = None) -> Response:
    """The page of an import: setting up, progress, or what came of it."""
    session = current_session()
    shown: dict[str, Any] = {
        "job": job,
        "words": words,
        "pause": _PAUSE if job.state.is_work else 0,
        "file": None,
        "past": None,
        "largest": LARGEST,
        "most_files": MOST_FILES,
        "kept_days": KEPT_DAYS,
        "problems": problems_of(session, import_id=job.id, most=PROBLEMS_SHOWN),
        "missing": {file.id: missing_of(file.settings) for file in job.files},
        "may_edit": job.state.is_open and current_scope().may(Permission.IMPORT),
        "Kind": Kind,
        "has_list": any(file.settings.kind is Kind.OPEN_ITEMS for file in job.files),
    }
    if job.state is State.DONE and job.ledger_import_id is not None:
        shown["past"] = find_import(
            session, company_id=current_scope().company_id, ledger_import_id=job.ledger_import_id
        )
    if shown["may_edit"] and job.files:
        file = next((each for each in job.files if each.id == file_id), job.files[0])
        shown |= _file_shown(job, file)
    return page("imports/import.html", part="desk", **shown)


def chosen_file() -> int | None:
    """The file that the address names."""
    return request.args.get("file", type=whole)


def missing_of(settings: Settings) -> list[str]:
    """The fields that a file of these settings still lacks."""
    return missing(settings) if settings.mapping == OWN else []


def _file_shown(job: Job, file: JobFile) -> Mapping[str, Any]:
    session = current_session()
    known = known_formats(session)
    settings = file.settings
    stored = stored_file(session, import_id=job.id, file=file)
    seen = preview(stored, settings, known, is_table=file.is_table)
    return {
        "file": file,
        "seen": seen,
        "fields": FIELDS[settings.kind],
        "named": _named(seen, settings.kind),
        "given": given(settings),
        # The fields that can come from elsewhere than a column of their own.
        "elsewhere": [name for name in needed(settings) if name not in settings.columns.values()],
        "formats": known.formats,
        "canonical": {each.name for each in CANONICAL},
        "saved": saved_mappings(session, company_id=current_scope().company_id),
        "rows_shown": ROWS,
    }


def _named(seen: Preview, kind: Kind) -> Mapping[str, list[str]]:
    """The fields with names of somebody's own that are offered for each column."""
    if kind not in (Kind.CUSTOMERS, Kind.EVENTS):
        return {}
    known = field_names(current_session(), company_id=current_scope().company_id)
    return {column.name: named_fields(column.name, kind, known) for column in seen.columns}
