"""Customers whose letters would show boxes: characters in names and addresses that no font has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from arfollow.companies.queries import find_company
from arfollow.followup.runs.rules import RowState
from arfollow.followup.runs.tables import BulkRunRow
from arfollow.levels.tables import Level, Plan, Wording
from arfollow.receivables.queries.customers import CustomerCard, cards_of
from arfollow.statements.glyphs import letterhead_texts, listed, unprintable
from arfollow.statements.queries import creditor

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


def of_ours(session: Session, *, company_id: int) -> str:
    """What no font has of the company's letterhead and of the words of its levels' letters, for a sentence."""
    company = find_company(session, company_id=company_id)
    written = session.execute(
        select(Wording.letter_title, Wording.letter_body)
        .join(Level, Level.id == Wording.level_id)
        .join(Plan, Plan.id == Level.plan_id)
        .where(Plan.company_id == company_id, Level.retired_on.is_(None), _is_in_force())
    )
    words = (text for wording in written for text in wording)
    return listed(unprintable([*letterhead_texts(creditor(session, company=company)), *words]))


def _is_in_force() -> ColumnElement[bool]:
    """Whether there is no later version of a wording."""
    later = aliased(Wording)
    return ~exists().where(
        later.level_id == Wording.level_id,
        later.language == Wording.language,
        later.version > Wording.version,
    )


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
