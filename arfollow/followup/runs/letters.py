"""The letters of a run as one file for the printer, sorted as the post wants them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from arfollow.chatter.tables import StoredDocument
from arfollow.delivery.operations.letters import GONE
from arfollow.delivery.tables import Delivery
from arfollow.followup.runs.tables import BulkRunRow
from arfollow.followup.tables import RecordedAction
from arfollow.receivables.queries.customers import cards_of
from arfollow.statements.pile import Pile

PART = 100
"""Letters in one file: what is put together in a second or two, while somebody waits."""


def count_parts(session: Session, *, run_id: int) -> int:
    """How many files the run's letters make; 0: it has none."""
    letters = select(func.count(Delivery.id)).join(BulkRunRow, BulkRunRow.letter_id == Delivery.id)
    count = session.scalar(letters.where(BulkRunRow.run_id == run_id, Delivery.state.not_in(GONE))) or 0
    return -(-count // PART)


def letters_pdf(session: Session, *, company_id: int, run_id: int, part: int) -> bytes | None:
    """The part (from 1) of the run's letters, by country, postal code and in the run's order; None: there is no such part."""
    in_order = _documents(session, company_id, run_id)[(part - 1) * PART : part * PART]
    stored = select(StoredDocument.sha256, StoredDocument.content).where(
        StoredDocument.sha256.in_(in_order), StoredDocument.content.is_not(None)
    )
    contents = dict(session.execute(stored).all())
    pdfs = [content for sha256 in in_order if (content := contents.get(sha256)) is not None]
    return _joined(pdfs) if pdfs else None


def _joined(pdfs: Sequence[bytes]) -> bytes:
    pile, written = Pile(), BytesIO()
    for each in pdfs:
        pile.add(each)
    pile.write(written)
    return written.getvalue()


def _documents(session: Session, company_id: int, run_id: int) -> Sequence[str]:
    rows = session.execute(
        select(BulkRunRow.id, BulkRunRow.customer_id, RecordedAction.document)
        .join(Delivery, Delivery.id == BulkRunRow.letter_id)
        .join(RecordedAction, RecordedAction.delivery_id == BulkRunRow.letter_id)
        .where(BulkRunRow.run_id == run_id, BulkRunRow.company_id == company_id, Delivery.state.not_in(GONE))
    ).all()
    cards = cards_of(session, company_id=company_id, customer_ids=[row.customer_id for row in rows])

    def place(row: Row[*tuple[Any, ...]]) -> tuple[str, str, int]:
        postal = cards[row.customer_id].postal_address
        return (postal.country, postal.postal_code, row.id)

    return [row.document for row in sorted(rows, key=place)]
