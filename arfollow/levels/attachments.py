"""Files that go with a level's e-mails: what may be one."""

from __future__ import annotations

import re

from arfollow.levels.drafts import PlanError
from arfollow.values.refusals import N_

LARGEST = 5 * 2**20
MOST = 3
# By their first bytes: a name says nothing, and a mail with anything else would be stopped on its way.
_KINDS = {
    b"%PDF-": ("application/pdf", (".pdf",)),
    b"\x89PNG\r\n\x1a\n": ("image/png", (".png",)),
    b"\xff\xd8\xff": ("image/jpeg", (".jpg", ".jpeg")),
}


class BadFileError(PlanError):
    """The file cannot be attached to e-mails."""


def media_type_of(filename: str, content: bytes) -> str:
    """The media type of a PDF, PNG or JPEG file; raise BadFileError for anything else."""
    if not content:
        raise BadFileError(N_("“%(file)s” is empty. Choose another file."), file=filename)
    if len(content) > LARGEST:
        raise BadFileError(
            N_("“%(file)s” is larger than %(size)s MB, which many mail servers refuse."),
            file=filename,
            size=LARGEST // 2**20,
        )
    for start, (media_type, endings) in _KINDS.items():
        if content.startswith(start) and filename.lower().endswith(endings):
            return media_type
    raise BadFileError(
        N_("“%(file)s” is no PDF, PNG or JPEG file. Save it as one of these and choose it again."),
        file=filename,
    )


def plain_filename(name: str) -> str:
    """The name without folders and control characters, at most 80 characters long."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()+-]+", "-", last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[: 79 - len(ending)]}{dot}{ending}" if dot else plain[:80] or "file"
