"""What is known of a customer's text messages."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from arfollow.delivery.texts.tables import ReceivedText


def erase_texts(session: Session, customer_id: int) -> None:
    """Delete those that the customer wrote; those that went to it are its deliveries."""
    session.execute(delete(ReceivedText).where(ReceivedText.customer_id == customer_id))
