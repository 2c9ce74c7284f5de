"""Takes the customer off a list."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.profiles import operations
from arfollow.profiles.operations import UnknownListError
from arfollow.values.refusals import N_, Remark, remark
from arfollow.workflows.steps import Doing, Done


def perform(session: Session, doing: Doing) -> Done:
    """Take it off; who is not on it, or a list that is none, is nothing to do."""
    try:
        removed = operations.remove_from_list(
            session,
            company_id=doing.company_id,
            customer_id=doing.customer_id,
            name=str(doing.step.settings["list"]),
            who=doing.who,
        )
    except UnknownListError as error:
        return Done(result="skipped", explanation=remark(error))
    return Done(explanation="" if removed else Remark(N_("It was not on the list.")))
