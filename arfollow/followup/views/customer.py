"""The customer's page, and who else has it open."""

from __future__ import annotations

from flask import Response

from arfollow import clock
from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.followup.operations.presence import be_present
from arfollow.followup.queries.presence import newer_done, visitors
from arfollow.followup.views.addresses import here
from arfollow.followup.views.answers import find_click
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.views.showing import show
from arfollow.web.htmx import page


@blueprint.get("/customers/<customer:number>")
@needs(Permission.VIEW)
def customer(number: str) -> Response:
    """What is owed, what is to be done, and what happened so far."""
    return show(number)


@blueprint.post("/customers/<customer:number>/presence")
@needs(Permission.WORK)
def report_presence(number: str) -> Response:
    """Say that the page is still open; gives who else has it open, and whether it is outdated."""
    click, session, now = find_click(number), current_session(), clock.now()
    finished = newer_done(session, customer_id=click.customer_id, number=click.number)
    be_present(session, customer_id=click.customer_id, user_id=current_scope().user_id, now=now)
    commit(session)
    return page(
        "customers/_also_here.html",
        visitors=visitors(session, customer_id=click.customer_id, but_user_id=click.user_id or 0, now=now),
        # Who has just clicked Done may be asked once more by the page that is being left.
        finished=finished if finished and finished.by != click.who else None,
        number=click.number,
        here=here,
    )
