"""Puts the customer on a list."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.profiles import operations
from arfollow.values.refusals import N_, Remark
from arfollow.workflows.steps import Doing, Done


def perform(session: Session, doing: Doing) -> Done:
    """Put it there; who is on it already stays."""
    added = operations.add_to_list(
        session,
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        name=str(doing.step.settings["list"]),
        on=doing.today,
        who=doing.who,
    )
    return Done(explanation="" if added else Remark(N_("It was on the list already.")))
