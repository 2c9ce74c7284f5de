"""Whether what a message was queued for still stands when it is about to leave."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from arfollow.values.refusals import N_, Remark
from arfollow.workflows.messages.knowing import facts_known
from arfollow.workflows.rules.conditions import facts_of, holds
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.tables import Enrolment

_GONE = {
    "goal": Remark(N_("Not sent: the goal of the workflow is reached.")),
    "removed": Remark(N_("Not sent: the customer was taken out of the workflow.")),
    "retired": Remark(N_("Not sent: the workflow was ended.")),
    "erased": Remark(N_("Not sent: the customer is erased.")),
}


def why_not_any_more(session: Session, enrolment: Enrolment, definition: Definition, *, today: date) -> str:
    """Why the message has nothing to go out for any more, as a remark; empty: it still has.

    Who came to the route's end before its last message left still gets it, unless the goal is reached by then.
    """
    if enrolment.left_at is not None and enrolment.reason != "end":
        return _GONE.get(enrolment.reason, Remark(N_("Not sent: the customer has left the workflow.")))
    if definition.goal is None:
        return ""
    # A goal cannot look at how far away days are, so that the hour changes nothing.
    facts = facts_known(
        session,
        company_id=enrolment.company_id,
        customer_id=enrolment.customer_id,
        definition=definition,
        since=enrolment.told_from or enrolment.entered_at,
        key=enrolment.key,
        today=today,
        asked=facts_of(definition.goal),
    )
    return _GONE["goal"] if holds(definition.goal, facts) else ""
