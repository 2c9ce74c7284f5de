"""Hands the customer over to follow-up: a to-do for the person responsible brings it onto the daily list."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.levels.rules.facts import level_terms
from arfollow.levels.rules.surfacing import decide
from arfollow.statements.catalogue import words
from arfollow.tasks.operations import add_task
from arfollow.workflows.messages.people import colleague
from arfollow.workflows.messages.queueing import ground
from arfollow.workflows.messages.rendering import said
from arfollow.workflows.rules.definition import Settings
from arfollow.workflows.steps import Doing, Done

_TO_RESPONSIBLE: Settings = {"who": "responsible"}


def perform(session: Session, doing: Doing) -> Done:
    """Add the to-do for today, with the step's words or else with the level that the customer has reached."""
    found = ground(session, doing)
    person = colleague(
        session,
        doing.together.staff,
        customer_id=doing.customer_id,
        settings=_TO_RESPONSIBLE,
        language=found.company.language,
    )
    language = person.language if person else found.company.language
    title, text = _usual_title(session, doing, language), ""
    if doing.step.settings.get("words"):
        written = said(session, doing, found, language=language)
        title, text = written.subject, written.text
    task_id = add_task(
        session,
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        title=title,
        text=text,
        due_on=doing.today,
        assignee_id=person.user_id if person else None,
        who=doing.who,
        new_id=doing.together.task_id(session),
    )
    return Done(task_id=task_id)


def _usual_title(session: Session, doing: Doing, language: str) -> str:
    known = doing.together.facts(session, doing.customer_id)
    level = level_terms(known, decide(known, doing.today))
    spoken = words(language.replace("-", "_"))
    if level is None:
        return spoken.gettext("Handed over to follow-up: decide what comes next")
    return spoken.gettext(
        "Handed over to follow-up, level “%(level)s”: decide what comes next", level=level.name
    )
