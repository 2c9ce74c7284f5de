"""Done, which goes on to the next customer of the list, and taking it back."""

from __future__ import annotations

from flask import flash, render_template
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.followup.clicks import Click
from arfollow.followup.forms import DoneForm
from arfollow.followup.operations.done import mark_done, undo_done
from arfollow.followup.operations.presence import leave
from arfollow.followup.operations.recording import lock
from arfollow.followup.operations.todos import keep_todo, skip_todo
from arfollow.followup.queries.desk import Desk, desk
from arfollow.followup.views.answers import act, find_click, posted, refuse
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.views.places import next_address
from arfollow.followup.views.refusals import REFUSALS
from arfollow.followup.words import what_next, why
from arfollow.values.workdays import next_working_day
from arfollow.web.htmx import go_to


@blueprint.post("/customers/<customer:number>/done")
@needs(Permission.WORK)
def mark(number: str) -> Response:
    """Finish the follow-up and go on to the next customer of the list."""
    click, session, form = find_click(number), current_session(), posted("done", DoneForm).form
    try:
        lock(session, click)
        following = next_address(session, current_scope(), customer_id=click.customer_id)
        mark_done(session, click, kept_task_id=_settle_todo(session, click, number, form))
        leave(session, customer_id=click.customer_id, user_id=current_scope().user_id)
        commit(session)
    except REFUSALS as error:
        return refuse(number, error)
    session.expire_all()
    _say_done(session, number)
    return go_to(following)


@blueprint.post("/customers/<customer:number>/undo")
@needs(Permission.WORK)
def undo(number: str) -> Response:
    """Take the last Done back."""
    return act(number, undo_done, said=_("Done was taken back: everything is as it was before."))


def _settle_todo(session: Session, click: Click, number: str, form: DoneForm) -> int | None:
    """Keep or skip the level's to-do, if it was not done; gives the task that it is kept as."""
    shown = desk(session, company_id=click.company_id, number=number, today=click.today)
    if shown is None or not shown.todo_pending or not shown.work.is_open:
        return None
    if form.todo.data == "skip":
        skip_todo(session, click, title=shown.todo, reason=form.reason.data or "")
        return None
    due_on = next_working_day(click.today, country=shown.terms.country)
    return keep_todo(session, click, title=shown.todo, due_on=due_on)


def _say_done(session: Session, number: str) -> None:
    """Say on the next page when the customer will be back and why, with a button that takes it back."""
    scope = current_scope()
    shown = desk(session, company_id=scope.company_id, number=number, today=scope.today)
    if shown is None:
        return
    text = render_template("customers/_done.html", desk=shown, words=_back(shown))
    flash(Markup(text), "success")  # noqa: S704 - the template has escaped what it shows


def _back(shown: Desk) -> str:
    say = why if shown.outlook.listed else what_next
    return say(shown.outlook, levels=shown.level_names, today=current_scope().today)
