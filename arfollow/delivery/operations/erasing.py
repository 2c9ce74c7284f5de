"""What deliveries know of a customer that is erased."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from arfollow.delivery.operations.queueing import cancel
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.values.refusals import N_, Refusal, Remark


class LeavingNowError(Refusal, RuntimeError):
    """A message to the customer is leaving at this moment."""

    def __init__(self) -> None:
        super().__init__(
            N_("A message to this customer is leaving at this moment. Try again in some minutes.")
        )


def erase_deliveries(session: Session, *, company_id: int, customer_id: int, who: str) -> None:
    """Cancel what waits, and take recipients, answers and what left. Raise LeavingNowError."""
    of_customer = (Delivery.company_id == company_id, Delivery.customer_id == customer_id)
    if session.scalar(select(Delivery.id).where(*of_customer, Delivery.state == State.SENDING).limit(1)):
        raise LeavingNowError
    for delivery_id in session.scalars(
        select(Delivery.id).where(*of_customer, Delivery.state == State.QUEUED)
    ).all():
        cancel(
            session,
            company_id=company_id,
            delivery_id=delivery_id,
            reason=Remark(N_("Not sent: the customer is erased.")),
            who=who,
        )
    taken = (
        update(Delivery).where(*of_customer).values(recipient="", explanation="", outgoing={}, reference=None)
    )
    session.execute(taken, execution_options={"synchronize_session": False})
    session.expire_all()
