"""Keeps `settled_on` and `used_up_on` true after allocations have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from arfollow.receivables.rules.allocation import used_up_on
from arfollow.receivables.rules.ledger import Settlement, settled_on
from arfollow.receivables.tables import Allocation, Credit, Instalment


def settlements(
    session: Session, side: InstrumentedAttribute[int], ids: Collection[int]
) -> Mapping[int, list[Settlement]]:
    """All allocations by the id on that side (`Allocation.instalment_id` or `Allocation.credit_id`); none: an empty list."""
    found: defaultdict[int, list[Settlement]] = defaultdict(list)
    rows = session.execute(
        select(side, Allocation.date, Allocation.ended_on, Allocation.amount).where(side.in_(ids))
    )
    for holder, on, ended_on, amount in rows:
        found[holder].append(Settlement(on, ended_on, amount))
    return found


def resettle(
    session: Session, *, instalment_ids: Collection[int] = (), credit_ids: Collection[int] = ()
) -> None:
    """Set the day on which each of these is settled or used up, from its allocations as they stand now."""
    of_items = settlements(session, Allocation.instalment_id, instalment_ids)
    for instalment in session.scalars(select(Instalment).where(Instalment.id.in_(instalment_ids))):
        instalment.settled_on = settled_on(instalment.amount, of_items[instalment.id])
    of_credits = settlements(session, Allocation.credit_id, credit_ids)
    for credit in session.scalars(select(Credit).where(Credit.id.in_(credit_ids))):
        credit.used_up_on = used_up_on(credit.amount, of_credits[credit.id], credit.reversed_on)
