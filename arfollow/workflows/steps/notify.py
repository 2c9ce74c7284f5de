"""Tells a colleague by e-mail: the person responsible, the sales representative, a manager, or whoever is named."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.values.refusals import N_, Remark
from arfollow.workflows.messages.people import colleague, in_their_place
from arfollow.workflows.messages.queueing import ground, tell_colleague
from arfollow.workflows.steps import Doing, Done

_INSTEAD = N_("Nobody in particular is meant, so the company's own address was told.")
_NOBODY = N_("There is nobody to tell, and the company has no address.")


def perform(session: Session, doing: Doing) -> Done:
    """Queue the notice; where there is nobody in particular, whoever gets the company's digests is told."""
    settings, found = doing.step.settings, ground(session, doing)
    to = colleague(
        session,
        doing.together.staff,
        customer_id=doing.customer_id,
        settings=settings,
        language=found.company.language,
    )
    if to is None and settings.get("who") == "person":
        return Done(
            result="skipped",
            explanation=Remark(
                N_("“%(person)s” is no e-mail address: nobody was told."),
                person=str(settings.get("person", "")),
            ),
        )
    instead = "" if to else Remark(_INSTEAD)
    to = to or in_their_place(session, company_id=doing.company_id, today=doing.today)
    if to is None:
        return Done(result="skipped", explanation=Remark(_NOBODY))
    return Done(delivery_id=tell_colleague(session, doing, found, to), explanation=instead)
