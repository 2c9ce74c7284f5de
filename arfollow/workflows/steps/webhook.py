"""Tells another program, by signed HTTP."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.delivery.operations import enqueue
from arfollow.delivery.webhook import CHANNEL, receiver
from arfollow.workflows.messages.frozen import Frozen
from arfollow.workflows.messages.queueing import PURPOSE, ground, told
from arfollow.workflows.steps import Doing, Done


def perform(session: Session, doing: Doing) -> Done:
    """Queue the call; raise BadReceiverError for an address that cannot be used."""
    found = ground(session, doing)
    host = receiver(str(doing.step.settings["address"])).hostname or ""
    frozen = Frozen(
        version=found.enrolment.version_id,
        enrolment=doing.enrolment_id,
        customer=doing.customer_id,
        step=doing.step.key,
        language="",
    )
    delivery_id = enqueue(
        session,
        company_id=doing.company_id,
        customer_id=None,
        key=doing.key,
        purpose=PURPOSE,
        channel=CHANNEL,
        facts=frozen.facts(),
        queued_by=doing.who,
        recipient=host,
    )
    record(
        session,
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        tag=f"{CHANNEL}:queued",
        who=doing.who,
        text=f"Webhook “{doing.step.name or doing.step.key}” to {host} queued",
        facts={"delivery": delivery_id, **told(found.enrolment, doing.step.key, "")},
    )
    return Done(delivery_id=delivery_id)
