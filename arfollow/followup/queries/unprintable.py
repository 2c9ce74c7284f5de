"""Customers whose letters would show boxes: characters in names and addresses that no font has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.followup.runs.rules import RowState
from arfollow.followup.runs.tables import BulkRunRow
from arfollow.receivables.queries.customers import CustomerCard, cards_of
from arfollow.statements.glyphs import listed, unprintable

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Unprintable:
    """A customer, and what could not be printed of its name and address."""

    number: str
    name: str
    characters: str


def of_card(card: CustomerCard) -> str:
    """What of the customer's name and postal address no font has, for a sentence; empty where all can be printed."""
    to = card.postal_address
    return listed(unprintable((card.name, to.name, to.attention, to.street, to.postal_code, to.city)))


def unprintable_letters(session: Session, *, company_id: int, run_id: int) -> Sequence[Unprintable]:
    """The customers whose letters of the prepared run could not be printed as they should, in the list's order."""
    rows = session.execute(
        select(BulkRunRow.customer_id, BulkRunRow.sends)
        .where(BulkRunRow.run_id == run_id, BulkRunRow.state == RowState.WAITING)
        .order_by(BulkRunRow.id)
    )
    ids = [customer_id for customer_id, sends in rows if "letter" in sends]
    return [
        Unprintable(number=card.number, name=card.name, characters=characters)
        for card in _in_order(session, company_id, ids)
        if (characters := of_card(card))
    ]


def _in_order(session: Session, company_id: int, ids: Sequence[int]) -> Iterator[CustomerCard]:
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        cards: Mapping[int, CustomerCard] = cards_of(session, company_id=company_id, customer_ids=batch)
        yield from (cards[each] for each in batch if each in cards)
