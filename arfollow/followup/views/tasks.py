"""Tasks about a customer: add, do, skip, move."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.followup.clicks import Click
from arfollow.followup.forms import TaskDayForm, TaskEndForm, TaskForm, chosen_day
from arfollow.followup.views.answers import act, posted, refuse
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.views.showing import assignees
from arfollow.tasks import operations
from arfollow.users.queries import members


@blueprint.post("/customers/<customer:number>/tasks")
@needs(Permission.WORK)
def add_task(number: str) -> Response:
    """Something to be done about the customer on a day."""
    panel = posted("task", TaskForm)
    form = panel.form
    form.assignee.choices = assignees(members(current_session(), company_id=current_scope().company_id))

    def operation(session: Session, click: Click) -> None:
        operations.add_task(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            title=form.title.data or "",
            due_on=chosen_day(form.due_on),
            assignee_id=form.assignee.data or None,
            who=click.who,
        )

    return act(number, operation, said=_("The task is added."), panel=panel)


@blueprint.post("/customers/<customer:number>/tasks/<int:task_id>/do")
@needs(Permission.WORK)
def do_task(number: str, task_id: int) -> Response:
    """The task is done."""
    text = TaskEndForm.from_request().text.data or ""
    return act(
        number,
        lambda session, click: operations.do_task(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            task_id=task_id,
            outcome=text,
            on=click.today,
            who=click.who,
        ),
        said=_("The task is done."),
    )


@blueprint.post("/customers/<customer:number>/tasks/<int:task_id>/skip")
@needs(Permission.WORK)
def skip_task(number: str, task_id: int) -> Response:
    """The task will not be done, for a reason."""
    text = TaskEndForm.from_request().text.data or ""
    return act(
        number,
        lambda session, click: operations.skip_task(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            task_id=task_id,
            reason=text,
            on=click.today,
            who=click.who,
        ),
        said=_("The task is skipped."),
    )


@blueprint.post("/customers/<customer:number>/tasks/<int:task_id>/move")
@needs(Permission.WORK)
def move_task(number: str, task_id: int) -> Response:
    """The task is for another day."""
    form = TaskDayForm.from_request()
    if not form.validate():
        return refuse(number, _("Choose the day that the task is for."))
    return act(
        number,
        lambda session, click: operations.move_task(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            task_id=task_id,
            due_on=chosen_day(form.due_on),
            who=click.who,
        ),
        said=_("The task is moved."),
    )
