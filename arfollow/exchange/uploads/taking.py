"""Takes a file that somebody sends: what it is, how it shows that it is to be read."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

from arfollow.exchange.files import File
from arfollow.exchange.texts import UnreadableFileError
from arfollow.exchange.uploads.guessing import guessed_day
from arfollow.exchange.uploads.operations import Upload
from arfollow.exchange.uploads.preview import Known, first_settings, titles_of
from arfollow.exchange.uploads.rules import LARGEST, Kind, label_of
from arfollow.exchange.workbook import WorkbookError, is_workbook, read_workbook
from arfollow.values.refusals import N_, Refusal, Remark, remark

_PACKING = 1
"""How hard a table is packed: somebody waits."""


class UploadError(Refusal, ValueError):
    """The file is not taken; the message says which, and why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(N_("%(file)s: %(why)s"), file=name, why=why)


def take(filename: str, content: bytes, known: Known) -> Upload:
    """The file, looked at. Raise UploadError for one that is empty, too large, or no workbook though it is packed."""
    name = label_of(filename)
    if not content.strip():
        raise UploadError(name, Remark(N_("The file is empty.")))
    if len(content) > LARGEST:
        raise UploadError(
            name,
            Remark(
                N_("The file is larger than %(size)s MB. Import it by the command `arfollow import`."),
                size=LARGEST >> 20,
            ),
        )
    digest = sha256(content).hexdigest()
    if not is_workbook(content):
        settings = first_settings(File(name=name, content=content), known, is_table=False)
        return Upload(name=name, size=len(content), sha256=digest, content=content, settings=settings)
    table = sheet_of(name, content)
    settings = first_settings(File(name=name, content=table.text), known, is_table=True)
    return Upload(
        name=name,
        size=len(content),
        sha256=digest,
        content=content,
        settings=replace(settings, sheet=table.sheet),
        sheets=table.sheets,
        text=table.packed,
    )


class Table:
    """A sheet of a workbook, as text and as it is stored."""

    def __init__(self, sheets: tuple[str, ...], sheet: str, text: bytes) -> None:
        self.sheets, self.sheet, self.text = sheets, sheet, text

    @property
    def packed(self) -> bytes:
        """As it is stored."""
        return zlib.compress(self.text, _PACKING)


def sheet_of(name: str, content: bytes, sheet: str = "") -> Table:
    """The sheet of that name, else the first that has rows; raise UploadError."""
    try:
        found = read_workbook(content, sheet)
    except WorkbookError as problem:
        raise UploadError(name, remark(problem)) from None
    return Table(found.sheets, found.sheet, found.text)


def listed_day(uploads: Sequence[Upload], known: Known, today: date) -> date | None:
    """The day that the titles above a list of open items name."""
    for upload in uploads:
        if upload.settings.kind is not Kind.OPEN_ITEMS:
            continue
        content = upload.content if upload.text is None else zlib.decompress(upload.text)
        file = File(name=upload.name, content=content)
        try:
            titles = titles_of(file, upload.settings, known, is_table=upload.text is not None)
        except UnreadableFileError:
            continue
        day = guessed_day(titles, today)
        if day is not None:
            return day
    return None
