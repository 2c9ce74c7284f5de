"""Documents: the exact bytes of what was produced, kept under their SHA-256."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256 as digest_of

from sqlalchemy import String, bindparam, select, update
from sqlalchemy.orm import Session

from arfollow.chatter.once import insert_once
from arfollow.chatter.tables import ChatterEntryDocument, StoredDocument
from arfollow.database import plain_rows

_IS_ERASED = select(StoredDocument.content.is_(None)).where(
    StoredDocument.sha256 == bindparam("sha256", type_=String())
)
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")


@dataclass(frozen=True, kw_only=True)
class Document:
    """What was stored, byte for byte."""

    sha256: str
    media_type: str
    content: bytes


class DocumentMissingError(LookupError):
    """There is no such document."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"There is no document {sha256}.")


class DocumentErasedError(LookupError):
    """The document was erased."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"The document {sha256} was erased; the chatter says when and why.")


class DocumentAlteredError(RuntimeError):
    """What is stored is not what was stored."""

    def __init__(self, sha256: str) -> None:
        super().__init__(
            f"The document {sha256} was altered in the database and is not shown. "
            "Run `arfollow chatter verify` and compare with a backup."
        )


class MediaTypeError(ValueError):
    """The media type is not a plain type/subtype."""

    def __init__(self, media_type: str) -> None:
        super().__init__(f"{media_type!r} is no media type such as application/pdf.")


def store(session: Session, *, media_type: str, content: bytes) -> str:
    """The SHA-256 (hex) under which the bytes are kept; bytes that are kept already stay as they are, type included."""
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise MediaTypeError(media_type)
    sha256 = digest_of(content).hexdigest()
    match plain_rows(session, _IS_ERASED, {"sha256": sha256}).scalar():
        case None:
            insert_once(
                session,
                StoredDocument,
                sha256=sha256,
                media_type=media_type,
                content=content,
            )
        case True:
            put_back = update(StoredDocument).where(StoredDocument.sha256 == sha256).values(content=content)
            session.execute(put_back)
    return sha256


def read(session: Session, *, sha256: str) -> Document:
    """The document; raise DocumentMissingError, DocumentErasedError or DocumentAlteredError.

    It asks for no company: a page shows it only after `is_known_to`.
    """
    columns = select(StoredDocument.media_type, StoredDocument.content)
    row = session.execute(columns.where(StoredDocument.sha256 == sha256)).one_or_none()
    if row is None:
        raise DocumentMissingError(sha256)
    if row.content is None:
        raise DocumentErasedError(sha256)
    if digest_of(row.content).hexdigest() != sha256:
        raise DocumentAlteredError(sha256)
    return Document(sha256=sha256, media_type=row.media_type, content=row.content)


def is_known_to(session: Session, *, company_id: int, sha256: str) -> bool:
    """Whether an entry of the company has the document."""
    mine = select(ChatterEntryDocument.sha256).where(
        ChatterEntryDocument.sha256 == sha256, ChatterEntryDocument.company_id == company_id
    )
    return session.scalar(mine.limit(1)) is not None
