"""What a workflow did with a customer, and what the customer did since, for colleagues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from arfollow.bulk import one_of
from arfollow.profiles.tables import CustomerEvent
from arfollow.profiles.words import EVENTS
from arfollow.statements.catalogue import Words
from arfollow.values.refusals import N_
from arfollow.workflows.rules.definition import Definition, Kind
from arfollow.workflows.tables import Enrolment, StepRun

_MOST = 50

_STEPS: Mapping[Kind, str] = {
    Kind.EMAIL: N_("E-mail to the customer"),
    Kind.SMS: N_("Text message to the customer"),
    Kind.LETTER: N_("Letter to the customer"),
    Kind.SURVEY: N_("Survey sent to the customer"),
    Kind.NOTIFY: N_("Notice to a colleague"),
    Kind.ACTIVITY: N_("Task for a colleague"),
    Kind.HAND_OVER: N_("Handed over to follow-up"),
    Kind.WEBHOOK: N_("Another program was told"),
    Kind.START_WORKFLOW: N_("Another workflow started"),
}
"""Steps worth telling; what only keeps the books of the workflow is not."""

_EVENTS: Mapping[str, str] = {
    "confirmed": N_("The customer opened the page"),
    "clicked": N_("The customer opened a link"),
    "opened": N_("The e-mail was opened"),
    "replied": N_("The customer replied"),
    "message_received": N_("The customer sent a message"),
    "survey_answered": N_("The customer answered a survey"),
    "opted_out": N_("The customer opted out"),
    "failed": N_("A message did not arrive"),
    "promise_made": N_("The customer promised to pay"),
    "promised": N_("The customer promised to pay"),
    "disputed": N_("The customer disputed an invoice"),
    "registered": N_("The customer registered"),
    "promise_broken": N_("A promise to pay was broken"),
    "payment_received": N_("A payment arrived"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Something that was done, or that happened. One of `step` (the step's key) and `event` (its kind) is given."""

    at: datetime
    step: str = ""
    result: str = "done"
    event: str = ""


def pasts_of(session: Session, *, enrolment_ids: Sequence[int]) -> Mapping[int, Sequence[Past]]:
    """What was done in each enrolment and what happened to its customer since, the oldest first, the latest 50."""
    runs = _latest(
        select(StepRun.enrolment_id, StepRun.id, StepRun.at, StepRun.step, StepRun.result).where(
            one_of(StepRun.enrolment_id, enrolment_ids)
        ),
        of=StepRun.enrolment_id,
        order=(StepRun.id.desc(),),
    )
    events = _latest(
        select(Enrolment.id.label("enrolment_id"), CustomerEvent.id, CustomerEvent.at, CustomerEvent.kind)
        .join(CustomerEvent, CustomerEvent.customer_id == Enrolment.customer_id)
        .where(one_of(Enrolment.id, enrolment_ids), CustomerEvent.at >= Enrolment.entered_at),
        of=Enrolment.id,
        order=(CustomerEvent.at.desc(), CustomerEvent.id.desc()),
    )
    found: dict[int, list[Past]] = {}
    # What happened at the same instant stays in its order: what the customer did comes before what was done about it.
    for event in session.execute(events):
        found.setdefault(event.enrolment_id, []).append(Past(at=event.at, event=event.kind))
    for run in session.execute(runs):
        found.setdefault(run.enrolment_id, []).append(Past(at=run.at, step=run.step, result=run.result))
    return {id_: sorted(past, key=lambda each: each.at)[-_MOST:] for id_, past in found.items()}


def _latest(
    query: Select[*tuple[Any, ...]], *, of: InstrumentedAttribute[int], order: Sequence[ColumnElement[Any]]
) -> Select[*tuple[Any, ...]]:
    """The latest of each, the oldest first."""
    number = func.row_number().over(partition_by=of, order_by=order).label("number")
    ranked = query.add_columns(number).subquery()
    return select(ranked).where(ranked.c.number <= _MOST).order_by(ranked.c.number.desc())


def history_lines(
    past: Sequence[Past], definition: Definition, words: Words, *, timezone: str
) -> Iterator[str]:
    """A line for each, in the reader's language."""
    steps = {step.key: step for step in definition.steps()}
    for each in past:
        step = steps.get(each.step)
        if step is not None and step.kind not in _STEPS:
            continue
        if step is not None:
            said = words.gettext(_STEPS[step.kind])
            said = f"{said}: {step.name}" if step.name else said
        elif each.step:
            said = each.step
        else:
            named = _EVENTS.get(each.event) or EVENTS.get(each.event)
            said = words.gettext(named) if named else each.event.replace("_", " ")
        undone = "" if each.result == "done" else f" ({words.gettext('not done')})"
        local = each.at.astimezone(ZoneInfo(timezone))
        yield f"{words.day(local.date())}, {words.time(local.time())}: {said}{undone}"
