"""Messages about money that are no follow-up's: the contact gap counts them."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from arfollow.database import insert_into, touch
from arfollow.followup.tables import CustomerState


def count_message(session: Session, *, company_id: int, customer_id: int, on: date, source: str) -> None:
    """Note that `source` (at most 20 characters) writes to the customer about money; the caller holds the customer."""
    values = {"other_message_on": on, "other_message_of": source}
    session.execute(
        insert_into(session, CustomerState)
        .values(customer_id=customer_id, company_id=company_id, number=1, **values)
        .on_conflict_do_update(index_elements=[CustomerState.customer_id], set_=values)
    )
    touch(session, [customer_id])
