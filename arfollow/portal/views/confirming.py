"""Confirming what a message asked, or registering for a campaign."""

from __future__ import annotations

from flask import redirect, url_for
from werkzeug.wrappers import Response

from arfollow.access import Permission, needs
from arfollow.database import commit, current_session
from arfollow.portal import acting
from arfollow.portal.blueprint import blueprint
from arfollow.portal.showing import is_done, show, tabs
from arfollow.portal.visiting import visit
from arfollow.receivables.rules.links import Page


@blueprint.get("/my/<int:link_id>/confirm")
@needs(Permission.PUBLIC)
def confirm(link_id: int) -> Response:
    """A button, or thanks."""
    here = visit(link_id, Page.CONFIRM)
    return show(
        "portal/confirm.html",
        here,
        tabs=tabs(here, Page.CONFIRM),
        campaign=acting.campaign_of(current_session(), here),
        done=is_done(),
    )


@blueprint.post("/my/<int:link_id>/confirm")
@needs(Permission.PUBLIC)
def say_yes(link_id: int) -> Response:
    """The customer confirms."""
    here, session = visit(link_id, Page.CONFIRM), current_session()
    acting.confirm(session, here)
    commit(session)
    return redirect(url_for("portal.confirm", link_id=link_id, done=1), 303)
