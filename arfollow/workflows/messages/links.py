"""Links of the customer's own in the words of a message: issued when the step is done, read when it is prepared."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.delivery.tables import Delivery
from arfollow.receivables.operations.links import issue
from arfollow.receivables.queries.links import address_of
from arfollow.workflows.messages.frozen import Frozen
from arfollow.workflows.messages.values import LINKS
from arfollow.workflows.rules.definition import Definition, Kind, Step
from arfollow.workflows.rules.triggers import key_name
from arfollow.workflows.steps import Doing
from arfollow.workflows.tables import Enrolment, StepRun


def issue_links(
    session: Session, doing: Doing, *, definition: Definition, channel: str, names: Collection[str]
) -> dict[str, int]:
    """The ids of the links that these names are, by name. The survey's is that of the survey asked last, the same link again."""
    issued: dict[str, int] = {}
    for name in sorted(LINKS.keys() & set(names)):
        asks = _survey(session, doing, definition) if name == "survey_link" else doing.step
        if asks is None:
            continue
        again = _sent_before(session, doing, asks) if asks is not doing.step else None
        issued[name] = again or _issue(
            session, doing, definition, page=LINKS[name], step=asks, channel=channel
        )
    return issued


def _issue(
    session: Session, doing: Doing, definition: Definition, *, page: str, step: Step, channel: str
) -> int:
    enrolment = session.get_one(Enrolment, doing.enrolment_id)
    return issue(
        session,
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        page=page,
        about=_about(enrolment, definition, step=step, channel=channel),
        now=doing.now,
    )


def addresses(session: Session, links: Mapping[str, int]) -> dict[str, str]:
    """The addresses of issued links, by name; raise UnknownLinkError."""
    return {name: address_of(session, link_id) for name, link_id in links.items()}


def sample_addresses(base_url: str, names: Collection[str]) -> dict[str, str]:
    """What the links of these names look like, where nothing is issued."""
    return {name: f"{base_url}/l/{LINKS[name]}-example" for name in LINKS.keys() & set(names)}


def _about(enrolment: Enrolment, definition: Definition, *, step: Step, channel: str) -> dict[str, str]:
    about = {
        "workflow": str(enrolment.workflow_id),
        "enrolment": str(enrolment.id),
        "step": step.key,
        "channel": channel,
    }
    if enrolment.key:
        about["key"] = enrolment.key
        if (name := key_name(definition.trigger)) in ("invoice", "campaign"):
            about[name] = enrolment.key
    if "survey" in step.settings:
        about["survey"] = str(step.settings["survey"])
    return about


def _survey(session: Session, doing: Doing, definition: Definition) -> Step | None:
    """The step that asks the survey: this one, else the one that was done last in the enrolment; None: none was."""
    if doing.step.kind is Kind.SURVEY:
        return doing.step
    last = session.scalar(
        select(StepRun.step)
        .where(
            StepRun.enrolment_id == doing.enrolment_id,
            StepRun.kind == Kind.SURVEY.value,
            StepRun.result == "done",
        )
        .order_by(StepRun.id.desc())
        .limit(1)
    )
    return next((step for step in definition.steps() if step.key == last), None)


def _sent_before(session: Session, doing: Doing, survey: Step) -> int | None:
    facts = session.scalar(
        select(Delivery.facts)
        .join(StepRun, StepRun.delivery_id == Delivery.id)
        .where(StepRun.enrolment_id == doing.enrolment_id, StepRun.step == survey.key)
        .order_by(StepRun.id.desc())
        .limit(1)
    )
    return Frozen.of(facts).links.get("survey_link") if facts else None
