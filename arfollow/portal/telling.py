"""What a customer does by a link, told as an event, so that workflows go on."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from arfollow.chatter.operations import BY_LINK
from arfollow.portal.visiting import Visit
from arfollow.profiles.operations import record_event
from arfollow.profiles.rules import Data
from arfollow.receivables.queries.links import Link
from arfollow.workflows.queries.keys import key_of


def tell(
    session: Session,
    here: Visit,
    kind: str,
    *,
    once: str = "",
    data: Mapping[str, Data] | None = None,
    logged: bool = True,
) -> bool:
    """Note that the customer did this; whether it is new. `once`: what tells it from another time by the same link.

    `logged`: the chatter says so by another entry.
    """
    return record_event(
        session,
        company_id=here.link.company_id,
        customer_id=here.link.customer_id,
        kind=kind,
        at=here.now,
        key=f"link:{here.link.id}:{once}",
        of=here.link.about.get("step", ""),
        data={**_told(session, here.link), **(data or {})},
        who=BY_LINK,
        logged=logged,
    )


def _told(session: Session, link: Link) -> Mapping[str, Data]:
    enrolment_id = _enrolment_of(link)
    return {} if enrolment_id is None else {**key_told(session, link), "enrolment": enrolment_id}


def key_told(session: Session, link: Link) -> Mapping[str, str]:
    """What tells the enrolment that the link was sent in from others of the customer."""
    enrolment_id = _enrolment_of(link)
    if enrolment_id is None:
        return {}
    return key_of(session, customer_id=link.customer_id, enrolment_id=enrolment_id)


def _enrolment_of(link: Link) -> int | None:
    told = link.about.get("enrolment", "")
    return int(told) if told.isdecimal() else None
