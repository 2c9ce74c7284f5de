"""A letter to the customer: written by the worker, it lands with the letters to print and post."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.values.refusals import N_, Remark
from arfollow.workflows.messages.queueing import ground, hindrance, queue
from arfollow.workflows.steps import Doing, Done


def perform(session: Session, doing: Doing) -> Done:
    """Queue it to be written; without a postal address it is skipped."""
    found = ground(session, doing)
    at = found.card.postal_address
    if not (at.street and at.city):
        return Done(
            result="skipped", explanation=Remark(N_("Not written: the customer has no postal address."))
        )
    hindered = hindrance(session, doing, found, channel="letter")
    return hindered or queue(session, doing, found, channel="letter", recipient=found.card.name)
