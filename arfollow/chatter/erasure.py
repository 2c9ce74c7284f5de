"""Erasing a customer: the texts, names, personal data and salts of its entries, and the bytes of its documents.

The entry `customer:erased` names the documents that go; triggers let nothing go before it stands, so that it is taken from
the database as the last step of the transaction. A paper of the company itself that tells of the customer, such as the record
of an import, is put back without what it told: by whoever knows its form, see `register_redactor`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from arfollow.chatter import documents
from arfollow.chatter.operations import after_sealing, record
from arfollow.chatter.tables import ChatterEntry, ChatterEntryDocument, ChatterPersonal, StoredDocument

ERASED = "customer:erased"
_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Who is erased: the customer's number, which stays, and every text that must not."""

    number: str
    texts: tuple[str, ...]


Redactor = Callable[[bytes, Subject], bytes | None]
"""A paper without what it tells of the customer: itself when it tells nothing, None when nothing of it can stay."""

_redactors: dict[str, Redactor] = {}


@dataclass(frozen=True, kw_only=True)
class Share:
    """What of the log is a customer's. `documents` go; `kept` are another customer's as well, or another company's."""

    entries: int
    documents: tuple[str, ...]
    kept: tuple[str, ...]


def register_redactor(media_type: str, redactor: Redactor) -> None:
    """Say who knows the company's own papers of that type; `app.py` does, once each."""
    _redactors[media_type] = redactor


def share_of(session: Session, *, company_id: int, customer_id: int) -> Share:
    """What an erasure would take: entries with a personal part, and documents with their bytes."""
    entries = (
        select(func.count())
        .select_from(ChatterPersonal)
        .join(ChatterEntry, _same_entry())
        .where(ChatterEntry.company_id == company_id, ChatterEntry.customer_id == customer_id)
    )
    own = _documents(company_id, ChatterEntry.customer_id == customer_id)
    others = or_(
        ChatterEntryDocument.company_id != company_id,
        ChatterEntry.customer_id.is_not(None) & (ChatterEntry.customer_id != customer_id),
    )
    shared = set(session.scalars(_users_of(own).where(others).distinct()))
    found = session.scalars(own.order_by(ChatterEntryDocument.sha256)).all()
    return Share(
        entries=session.execute(entries).scalar_one(),
        documents=tuple(sha256 for sha256 in found if sha256 not in shared),
        kept=tuple(sha256 for sha256 in found if sha256 in shared),
    )


def erase(
    session: Session, *, company_id: int, customer_id: int, subject: Subject, who: str, reason: str
) -> Share:
    """Record the erasure and take everything of the customer from the log when this transaction commits; gives what goes."""
    share = share_of(session, company_id=company_id, customer_id=customer_id)
    papers = dict(_redacted(session, company_id, subject))
    new = [
        documents.store(session, media_type=media_type, content=content)
        for media_type, content in papers.values()
        if content is not None
    ]
    going = [*share.documents, *(sha256 for sha256 in papers if sha256 not in share.documents)]
    record(
        session,
        company_id=company_id,
        customer_id=customer_id,
        tag=ERASED,
        who=who,
        text=f"Customer erased: {reason}",
        facts={"entries": share.entries, "documents": len(going), "kept": len(share.kept)},
        documents=list(dict.fromkeys([*going, *new])),
    )
    after_sealing(
        session,
        partial(_take, company_id=company_id, customer_id=customer_id, going=frozenset(going) - {*new}),
    )
    return share


def _take(session: Session, *, company_id: int, customer_id: int, going: frozenset[str]) -> None:
    """The entry stands: take what it names."""
    last = select(func.max(ChatterEntry.sequence)).where(
        ChatterEntry.company_id == company_id,
        ChatterEntry.customer_id == customer_id,
        ChatterEntry.tag == ERASED,
    )
    earlier = session.execute(
        select(ChatterEntry.chain, ChatterEntry.sequence).where(
            ChatterEntry.company_id == company_id,
            ChatterEntry.customer_id == customer_id,
            ChatterEntry.sequence < session.execute(last).scalar_one(),
        )
    )
    of_chain: defaultdict[str, list[int]] = defaultdict(list)
    for chain, sequence in earlier:
        of_chain[chain].append(sequence)
    for chain, sequences in of_chain.items():
        for start in range(0, len(sequences), _BATCH):
            # By their whole key: the log may be long, and everybody who writes to it waits.
            personal = delete(ChatterPersonal).where(
                ChatterPersonal.company_id == company_id,
                ChatterPersonal.chain == chain,
                ChatterPersonal.sequence.in_(sequences[start : start + _BATCH]),
            )
            session.execute(personal, execution_options={"synchronize_session": False})
    for start in range(0, len(going), _BATCH):
        some = StoredDocument.sha256.in_(sorted(going)[start : start + _BATCH])
        session.execute(
            update(StoredDocument).where(some).values(content=None),
            execution_options={"synchronize_session": False},
        )


def _redacted(
    session: Session, company_id: int, subject: Subject
) -> Iterator[tuple[str, tuple[str, bytes | None]]]:
    """The company's own papers that tell of the customer, each with what stays of it; with it go the others of its entry."""
    own = or_(ChatterEntry.customer_id.is_(None), ChatterEntry.tag == ERASED)
    query = select(StoredDocument.sha256, StoredDocument.media_type).where(
        StoredDocument.sha256.in_(_documents(company_id, own)), StoredDocument.media_type.in_(_redactors)
    )
    content = select(StoredDocument.content)
    for sha256, media_type in session.execute(query.order_by(StoredDocument.sha256)).all():
        before = session.scalar(content.where(StoredDocument.sha256 == sha256)) or b""
        after = _redactors[media_type](before, subject)
        if after != before:
            yield sha256, (media_type, after)


def _documents(company_id: int, of_entry: ColumnElement[bool]) -> Select[str]:
    """The digests of documents with bytes that such entries of the company name, each once."""
    return (
        select(ChatterEntryDocument.sha256)
        .join(ChatterEntry, _entry_of_document())
        .join(StoredDocument, StoredDocument.sha256 == ChatterEntryDocument.sha256)
        .where(ChatterEntry.company_id == company_id, of_entry, StoredDocument.content.is_not(None))
        .distinct()
    )


def _users_of(some: Select[str]) -> Select[str]:
    """The digests of these documents, once for each entry that names them."""
    return (
        select(ChatterEntryDocument.sha256)
        .join(ChatterEntry, _entry_of_document())
        .where(ChatterEntryDocument.sha256.in_(some))
    )


def _same_entry() -> ColumnElement[bool]:
    return and_(
        ChatterPersonal.company_id == ChatterEntry.company_id,
        ChatterPersonal.chain == ChatterEntry.chain,
        ChatterPersonal.sequence == ChatterEntry.sequence,
    )


def _entry_of_document() -> ColumnElement[bool]:
    return and_(
        ChatterEntryDocument.company_id == ChatterEntry.company_id,
        ChatterEntryDocument.chain == ChatterEntry.chain,
        ChatterEntryDocument.sequence == ChatterEntry.sequence,
    )
