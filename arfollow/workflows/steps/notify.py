"""Tells a colleague by e-mail: the person responsible, the sales representative, a manager, or whoever is named."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.values.refusals import N_, Remark
from arfollow.workflows.messages.people import colleague, in_their_place
from arfollow.workflows.messages.queueing import ground, tell_colleague
from arfollow.workflows.rules.settings import is_mail_address
from arfollow.workflows.steps import Doing, Done

_NO_ADDRESS = N_("“%(person)s” is no e-mail address: nobody was told.")
_LEFT = N_("“%(person)s” has left, so the company's own address was told.")
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
    named = str(settings.get("person", "")).strip() if settings.get("who") == "person" else ""
    if to is None and named and not is_mail_address(named):
        return Done(result="skipped", explanation=Remark(_NO_ADDRESS, person=named))
    why = Remark(_LEFT, person=named) if named else Remark(_INSTEAD)
    instead = "" if to else why
    to = to or in_their_place(session, company_id=doing.company_id, today=doing.today)
    if to is None:
        return Done(result="skipped", explanation=Remark(_NOBODY))
    return Done(delivery_id=tell_colleague(session, doing, found, to), explanation=instead)
