"""An activity for one of the company's people: a task of the customer, which brings it onto the daily list."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from arfollow.tasks.operations import add_task
from arfollow.values.refusals import N_, Remark
from arfollow.workflows.messages.people import Colleague, colleague
from arfollow.workflows.messages.queueing import ground, tell_colleague
from arfollow.workflows.messages.rendering import said
from arfollow.workflows.rules.settings import is_mail_address
from arfollow.workflows.steps import Doing, Done

_LEFT = N_("“%(person)s” has left: the task is nobody's in particular.")
_NO_ADDRESS = N_("“%(person)s” is no e-mail address: the task is nobody's in particular.")


def perform(session: Session, doing: Doing) -> Done:
    """Add the task, in its person's language, due so many days from today; who has left is nobody in particular.

    Somebody outside the program cannot be given a task, and is sent what it says.
    """
    settings = doing.step.settings
    found = ground(session, doing)
    person = colleague(
        session,
        doing.together.staff,
        customer_id=doing.customer_id,
        settings=settings,
        language=found.company.language,
    )
    language = person.language if person else found.company.language
    words = said(session, doing, found, language=language)
    task_id = add_task(
        session,
        company_id=doing.company_id,
        customer_id=doing.customer_id,
        title=words.subject,
        text=words.text,
        due_on=doing.today + timedelta(days=int(settings.get("days", 0))),
        assignee_id=person.user_id if person else None,
        who=doing.who,
        new_id=doing.together.task_id(session),
    )
    if person is None or person.user_id is not None:
        return Done(task_id=task_id, explanation=_nobody(person, settings.get("person")))
    delivery_id = tell_colleague(session, doing, found, person)
    return Done(task_id=task_id, delivery_id=delivery_id)


def _nobody(person: Colleague | None, named: object) -> str:
    if person is not None or not named:
        return ""
    why = _LEFT if is_mail_address(str(named).strip()) else _NO_ADDRESS
    return Remark(why, person=str(named))
