"""Steps that do something, one file a kind; a guard holds the registry against the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from arfollow.workflows.messages.together import Together
from arfollow.workflows.queries.known import Snapshot
from arfollow.workflows.rules.definition import Definition, Kind, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """A step that is to be done now, in a transaction that writes. `key`: unique for this step of this round.

    `waits_since`: when it was to be done first, and had to wait for the contact gap; now, if it has not waited.
    `who`: the workflow, as the chatter names it; `known`: what was read of all customers of the batch; `together`: what is
    read of them when the first step asks.
    """

    step: Step
    definition: Definition
    known: Snapshot
    company_id: int
    customer_id: int
    enrolment_id: int
    key: str
    now: datetime
    today: date
    waits_since: datetime
    who: str
    together: Together


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of it: done, or skipped or failed with an explanation.

    `for_now`: it is skipped for what passes, such as a hold; what follows goes on as if it had been done. "later": it may not be done before `until`: nothing was written, and it is asked again then.
    """

    result: str = "done"
    explanation: str = ""
    for_now: bool = False
    delivery_id: int | None = None
    task_id: int | None = None
    until: datetime | None = None


Perform = Callable[[Session, Doing], Done]


def performers() -> Mapping[Kind, Perform]:
    """What does each kind of step."""
    from arfollow.workflows.steps import (
        activity,
        add_to_list,
        email,
        hand_over,
        letter,
        notify,
        remove_from_list,
        set_field,
        sms,
        start_workflow,
        survey,
        webhook,
    )

    return {
        Kind.ACTIVITY: activity.perform,
        Kind.ADD_TO_LIST: add_to_list.perform,
        Kind.REMOVE_FROM_LIST: remove_from_list.perform,
        Kind.EMAIL: email.perform,
        Kind.HAND_OVER: hand_over.perform,
        Kind.LETTER: letter.perform,
        Kind.NOTIFY: notify.perform,
        Kind.SET_FIELD: set_field.perform,
        Kind.SMS: sms.perform,
        Kind.SURVEY: survey.perform,
        Kind.WEBHOOK: webhook.perform,
        Kind.START_WORKFLOW: start_workflow.perform,
    }
