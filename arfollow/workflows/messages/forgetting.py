"""What colleagues and other programs were told of a customer that is erased."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from arfollow.chatter.operations import SYSTEM
from arfollow.delivery.operations import cancel
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.values.refusals import N_, Remark
from arfollow.workflows.tables import StepRun


def forget_notices(session: Session, customer_id: int) -> None:
    """What waits is cancelled, and of what left nothing is kept; registered with profiles."""
    of_customer = select(StepRun.delivery_id).where(StepRun.customer_id == customer_id)
    notices = Delivery.customer_id.is_(None) & Delivery.id.in_(of_customer)
    for delivery in session.scalars(select(Delivery).where(notices, Delivery.state == State.QUEUED)).all():
        cancel(
            session,
            company_id=delivery.company_id,
            delivery_id=delivery.id,
            reason=Remark(N_("Not sent: the customer is erased.")),
            who=SYSTEM,
        )
    session.execute(
        update(Delivery).where(notices).values(recipient="", explanation="", outgoing={}),
        execution_options={"synchronize_session": False},
    )
