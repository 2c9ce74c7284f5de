"""A text message to the customer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.receivables.queries.numbers import mobiles
from arfollow.values.refusals import N_, Remark
from arfollow.workflows.messages.queueing import ground, hindrance, queue
from arfollow.workflows.steps import Doing, Done


def perform(session: Session, doing: Doing) -> Done:
    """Queue it to the number that takes text messages; without one it is skipped."""
    found = ground(session, doing)
    to = mobiles(session, customer_ids=[doing.customer_id]).get(doing.customer_id)
    if not to:
        return Done(result="skipped", explanation=Remark(N_("Not sent: the customer has no mobile number.")))
    hindered = hindrance(session, doing, found, channel="sms")
    return hindered or queue(session, doing, found, channel="sms", recipient=to)
