"""An e-mail to the customer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.values.refusals import N_, Remark
from arfollow.workflows.messages.queueing import ground, hindrance, queue
from arfollow.workflows.steps import Doing, Done


def perform(session: Session, doing: Doing) -> Done:
    """Queue it to the address on file; without one, or without the company's own, it is skipped."""
    found = ground(session, doing)
    to = found.card.mailbox.email
    if not to:
        return Done(result="skipped", explanation=Remark(N_("Not sent: the customer has no e-mail address.")))
    if not found.company.email:
        return Done(
            result="skipped",
            explanation=Remark(N_("Not sent: the company has no e-mail address to send from.")),
        )
    hindered = hindrance(session, doing, found, channel="email")
    return hindered or queue(session, doing, found, channel="email", recipient=to)
