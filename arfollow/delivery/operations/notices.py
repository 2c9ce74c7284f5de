"""Mail to the company's own people, queued by the program itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from arfollow.chatter.operations import SYSTEM, record
from arfollow.delivery.operations.queueing import AlreadyQueuedError, enqueue


def queue_notice(
    session: Session,
    *,
    company_id: int,
    key: str,
    purpose: str,
    facts: Mapping[str, Any],
    text: str,
    told: Mapping[str, Any],
) -> None:
    """Queue a notice made of `facts`, and record it with `text` and the facts `told`; a second one of its key is none."""
    try:
        delivery_id = enqueue(
            session,
            company_id=company_id,
            customer_id=None,
            key=key,
            purpose=purpose,
            channel="email",
            facts=facts,
            queued_by=SYSTEM,
        )
    except AlreadyQueuedError:
        return
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="email:queued",
        who=SYSTEM,
        text=text,
        facts={"delivery": delivery_id, **told},
    )
