"""The link itself: a page with one button, which exchanges the token for a cookie; and unsubscribing with one click.

Opening a link changes nothing, since scanners and previews of mail programs open all of them.
"""

from __future__ import annotations

from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from arfollow import clock
from arfollow.access import Permission, needs
from arfollow.database import commit, current_session
from arfollow.portal import acting, cookies
from arfollow.portal.blueprint import blueprint
from arfollow.portal.showing import show
from arfollow.portal.visiting import refuse, welcome
from arfollow.receivables.operations.links import NoLinkError
from arfollow.receivables.queries.links import Link, link_by_token
from arfollow.receivables.rules.links import LinkState, Page
from arfollow.users.operations import TooManyTriesError, admit_guess, count_guess
from arfollow.web.refusals import said
from arfollow.web.transactions import begin_writing


@blueprint.get("/l/<token>")
@needs(Permission.PUBLIC)
def landing(token: str) -> AnyResponse:
    """Who sent the link, and a button; nothing about the customer."""
    return show("portal/landing.html", welcome(_link(token)))


@blueprint.post("/l/<token>")
@needs(Permission.PUBLIC)
def exchange(token: str) -> AnyResponse:
    """Give the browser a cookie for the link's pages, and go to the page that it is for."""
    session, link = current_session(), _link(token)
    try:
        acting.arrive(session, welcome(link))
    except NoLinkError:
        session.rollback()
        refuse(link)
    commit(session)
    response = redirect(url_for(f"portal.{link.page}", link_id=link.id), 303)
    cookies.give(response, link_id=link.id)
    return response


@blueprint.get("/l/<token>/one-click")
@needs(Permission.PUBLIC)
def one_click_by_hand(token: str) -> AnyResponse:
    """Where a mail program opens the address instead of posting to it: the link's page."""
    return redirect(url_for("portal.landing", token=token), 303)


@blueprint.post("/l/<token>/one-click")
@needs(Permission.PUBLIC)
def one_click(token: str) -> AnyResponse:
    """Unsubscribe for a mail program, which has no cookie and no page of ours. Source: RFC 8058, section 3.2."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    session, link = current_session(), _link(token)
    if link.page is not Page.UNSUBSCRIBE:
        refuse(None)
    acting.unsubscribe(session, welcome(link))
    commit(session)
    return Response("Unsubscribed.\n", content_type="text/plain; charset=utf-8")


def _link(token: str) -> Link:
    """The link, if it opens anything; else the closed page. Who tries too many that there are not has to wait."""
    session, now, address = current_session(), clock.now(), request.remote_addr or ""
    try:
        admit_guess(session, address=address, now=now)
    except TooManyTriesError as error:
        refuse(None, status=429, advice=said(error))
    found = link_by_token(session, token=token, now=now)
    if found is None:
        begin_writing(session)
        count_guess(session, address=address, now=now)
        commit(session)
        refuse(None)
    if found.state is not LinkState.VALID:
        refuse(found)
    return found
