"""Replies, with what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.bulk import one_of
from arfollow.profiles.queries import Happened
from arfollow.workflows.queries.versions import definitions
from arfollow.workflows.rules.answering import REPLIED, Sent, about
from arfollow.workflows.rules.definition import MESSAGES
from arfollow.workflows.rules.triggers import key_name
from arfollow.workflows.tables import Enrolment, StepRun

Events = Mapping[int, Sequence[Happened]]
_MESSAGES = sorted(kind.value for kind in MESSAGES)


def with_what_they_answer(session: Session, events: Events) -> Events:
    """The events by customer; replies tell the key of the enrolment that they are about, unless they told it themselves."""
    replied = [id_ for id_, own in events.items() if any(each.kind == REPLIED for each in own)]
    sent = _sent(session, replied) if replied else {}
    return {
        id_: [_told(each, sent[id_]) if each.kind == REPLIED else each for each in own]
        if id_ in sent
        else own
        for id_, own in events.items()
    }


def _told(event: Happened, sent: Sequence[Sent]) -> Happened:
    answered = about(sent, at=event.at, enrolment=str(event.data.get("enrolment", "")))
    return replace(event, data={**answered, **event.data})


def _sent(session: Session, customer_ids: Sequence[int]) -> Mapping[int, Sequence[Sent]]:
    rows = session.execute(
        select(StepRun.customer_id, StepRun.at, Enrolment.id, Enrolment.key, Enrolment.version_id)
        .join(Enrolment, Enrolment.id == StepRun.enrolment_id)
        .where(
            one_of(StepRun.customer_id, customer_ids),
            StepRun.delivery_id.is_not(None),
            StepRun.kind.in_(_MESSAGES),
            Enrolment.key != "",
        )
        .order_by(StepRun.at, StepRun.id)
    ).all()
    read = definitions(session, version_ids={row.version_id for row in rows})
    found: defaultdict[int, list[Sent]] = defaultdict(list)
    for customer_id, at, enrolment_id, key, version_id in rows:
        if name := key_name(read[version_id].trigger):
            found[customer_id].append(Sent(at=at, enrolment_id=enrolment_id, name=name, key=key))
    return found
