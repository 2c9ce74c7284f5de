"""Forgets customers who are about to be removed, because the import that made them is taken back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.followup.operations.figures import FigureChanges
from arfollow.followup.operations.refresh import in_batches, lock_rows
from arfollow.followup.queries.stored_list import as_stored
from arfollow.followup.tables import CustomerState, ListAmount, ListRow, Presence
from arfollow.profiles.noticing import forget_events


def forget_customers(session: Session, *, customer_ids: Sequence[int]) -> None:
    """Remove what the list keeps of these customers, with whom nothing has happened."""
    figures = FigureChanges()
    for batch in in_batches(sorted(customer_ids)):
        lock_rows(session, batch)
        figures.take(as_stored(session, customer_ids=batch))
        for table in (ListAmount, ListRow, CustomerState, Presence):
            session.execute(delete(table).where(one_of(table.customer_id, batch)))
        forget_events(session, customer_ids=batch)
    figures.write(session)
