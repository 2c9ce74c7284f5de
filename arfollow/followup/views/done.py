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
from arfollow.followup.operations.recording import facts_for, lock
from arfollow.followup.operations.todos import keep_todo, skip_todo
from arfollow.followup.queries.customer import company_terms
from arfollow.followup.queries.desk import pending_todo, todo_for
from arfollow.followup.views.answers import act, find_click, posted, refuse
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.views.places import next_address
from arfollow.followup.views.refusals import REFUSALS
from arfollow.followup.words import what_next, why
from arfollow.levels.rules.facts import Facts
from arfollow.levels.rules.outlook import outlook
from arfollow.receivables.tables import Customer
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
        mark_done(session, click, kept_task_id=_settle_todo(session, click, form))
        back = _back(facts_for(session, click), click)
        leave(session, customer_id=click.customer_id, user_id=current_scope().user_id)
        commit(session)
    except REFUSALS as error:
        return refuse(number, error)
    _say_done(session, click, number, back)
    return go_to(following)


@blueprint.post("/customers/<customer:number>/undo")
@needs(Permission.WORK)
def undo(number: str) -> Response:
    """Take the last Done back."""
    return act(number, undo_done, said=_("Done was taken back: everything is as it was before."))


def _settle_todo(session: Session, click: Click, form: DoneForm) -> int | None:
    """Keep or skip the level's to-do, if it was not done; gives the task that it is kept as."""
    todo = pending_todo(session, click, facts_for(session, click))
    if not todo:
        return None
    if form.todo.data == "skip":
        skip_todo(session, click, title=todo, reason=form.reason.data or "")
        return None
    return keep_todo(
        session,
        click,
        title=todo,
        due_on=next_working_day(
            click.today, country=company_terms(session, company_id=click.company_id).country
        ),
        assignee_id=todo_for(session, click, facts_for(session, click)),
    )


def _back(facts: Facts, click: Click) -> str:
    """When the customer will be back and why, in words."""
    ahead = outlook(facts, click.today)
    say = why if ahead.listed else what_next
    levels = tuple(level.name for level in facts.plan.levels) if facts.plan else ()
    return say(ahead, levels=levels, today=click.today)


def _say_done(session: Session, click: Click, number: str, back: str) -> None:
    """Say it on the next page, with a button that takes the Done back."""
    text = render_template(
        "customers/_done.html",
        number=number,
        name=session.get_one(Customer, click.customer_id).name,
        following=click.number + 1,
        words=back,
    )
    flash(Markup(text), "success")  # noqa: S704 - the template has escaped what it shows
