"""Queueing a message of a workflow, in the transaction of its step: what stops it is asked, and what it will be is frozen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.companies.tables import Company
from arfollow.delivery.operations import enqueue
from arfollow.followup.operations.other_messages import count_message
from arfollow.receivables.queries.customers import CustomerCard
from arfollow.workflows.messages.frozen import Frozen
from arfollow.workflows.messages.links import issue_links
from arfollow.workflows.messages.people import Colleague
from arfollow.workflows.messages.stops import MARKETING, MONEY, Asking, peace_of, purpose_of, source_of, stop
from arfollow.workflows.messages.words import template
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.sharing import Waiter, turn_on
from arfollow.workflows.steps import Doing, Done
from arfollow.workflows.tables import Enrolment

PURPOSE = "workflow"
_SENT = {"email": "E-mail", "sms": "Text message", "letter": "Letter"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the transaction of a step has read: the company, the customer, the enrolment and its definition."""

    company: Company
    card: CustomerCard
    enrolment: Enrolment
    definition: Definition

    @property
    def language(self) -> str:
        """That the customer reads."""
        return self.card.language or self.company.language


def ground(session: Session, doing: Doing) -> Ground:
    """All that a step has to know, which was read for the batch; raise LookupError for a customer that is not there."""
    return Ground(
        company=doing.known.company,
        card=doing.known.cards[doing.customer_id],
        enrolment=session.get_one(Enrolment, doing.enrolment_id),
        definition=doing.definition,
    )


def hindrance(session: Session, doing: Doing, found: Ground, *, channel: str) -> Done | None:
    """Why the message is not sent, or not yet; None: it may go out."""
    asking = Asking(
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        purpose=purpose_of(doing.step.settings),
        channel=channel,
        key=found.enrolment.key,
        source=source_of(doing.enrolment_id),
    )
    if asking.purpose != MONEY:
        why = stop(session, asking, today=doing.today)
        return Done(result="skipped", explanation=why) if why else None
    facts = doing.together.facts(session, doing.customer_id)
    if why := stop(session, asking, today=doing.today, facts=facts):
        return Done(result="skipped", explanation=why, for_now=True)
    contacts = doing.together.contacts(session, doing.customer_id)
    waiters = doing.together.waiters(session, doing.customer_id)
    day = turn_on(
        Waiter(doing.waits_since, doing.enrolment_id),
        [each for each in waiters if each.enrolment_id != doing.enrolment_id],
        peace=peace_of(asking, facts=facts, found=contacts),
        today=doing.today,
    )
    if day <= doing.today:
        return None
    # At the time of day at which it would have gone out.
    zone = ZoneInfo(found.company.timezone)
    at = doing.waits_since.astimezone(zone).time().replace(fold=0)
    return Done(result="later", until=datetime.combine(day, at, zone))


def queue(
    session: Session,
    doing: Doing,
    found: Ground,
    *,
    channel: str,
    recipient: str,
    extra: Collection[str] = (),
) -> Done:
    """Queue the message to the customer and record it. `extra`: links that it needs besides those in its words."""
    purpose = purpose_of(doing.step.settings)
    delivery_id = enqueue(
        session,
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        key=doing.key,
        purpose=PURPOSE,
        channel=channel,
        facts=_frozen(session, doing, found, channel=channel, extra=extra).facts(),
        queued_by=doing.who,
        recipient=recipient,
    )
    if purpose == MONEY:
        _count(session, doing)
    record(
        session,
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        tag=f"{channel}:queued",
        who=doing.who,
        text=f"{_SENT[channel]} “{doing.step.name or doing.step.key}” queued",
        facts={"delivery": delivery_id, **told(found.enrolment, doing.step.key, purpose)},
        personal={"recipient": recipient},
    )
    return Done(delivery_id=delivery_id)


def _frozen(session: Session, doing: Doing, found: Ground, *, channel: str, extra: Collection[str]) -> Frozen:
    """What the step freezes of a message to the customer; its links are issued."""
    words = template(doing.step.settings, found.language)
    names = {*words.names, *extra}
    if purpose_of(doing.step.settings) == MARKETING and channel == "email":
        names.add("unsubscribe_link")
    return Frozen(
        version=found.enrolment.version_id,
        enrolment=doing.enrolment_id,
        customer=doing.customer_id,
        step=doing.step.key,
        language=words.language,
        links=issue_links(session, doing, definition=found.definition, channel=channel, names=names),
    )


def _count(session: Session, doing: Doing) -> None:
    """For the contact gap."""
    count_message(
        session,
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        on=doing.today,
        source=source_of(doing.enrolment_id),
    )


def tell_colleague(session: Session, doing: Doing, found: Ground, to: Colleague, *, key: str = "") -> int:
    """Queue a notice of the step's words to a colleague, in its language, and record it with the customer; gives its delivery's id."""
    words = template(doing.step.settings, to.language)
    frozen = Frozen(
        version=found.enrolment.version_id,
        enrolment=doing.enrolment_id,
        customer=doing.customer_id,
        step=doing.step.key,
        language=words.language,
        links=issue_links(session, doing, definition=found.definition, channel="email", names=words.names),
        to=to.email,
        name=to.name,
    )
    delivery_id = enqueue(
        session,
        company_id=doing.company_id,
        customer_id=None,
        key=key or doing.key,
        purpose=PURPOSE,
        channel="email",
        facts=frozen.facts(),
        queued_by=doing.who,
        recipient=to.email,
    )
    record(
        session,
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        tag="notice:queued",
        who=doing.who,
        text=f"Notice “{doing.step.name or doing.step.key}” to a colleague queued",
        facts={"delivery": delivery_id, **told(found.enrolment, doing.step.key, "")},
        personal={"recipient": to.email},
    )
    return delivery_id


def told(enrolment: Enrolment, step: str, purpose: str) -> dict[str, object]:
    """What the chatter keeps of a message: its workflow, enrolment and step, and what it is about."""
    facts: dict[str, object] = {"workflow": enrolment.workflow_id, "enrolment": enrolment.id, "step": step}
    return facts | ({"purpose": purpose} if purpose else {})
