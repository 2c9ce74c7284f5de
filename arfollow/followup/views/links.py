"""Links by which the customer opens pages of its own: what is out, making one, revoking one."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from arfollow import clock
from arfollow.access import Permission, current_scope, needs
from arfollow.chatter.operations import record
from arfollow.database import commit, current_session
from arfollow.followup.views.addresses import here
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.views.showing import card_or_404
from arfollow.receivables.operations.links import NoLinkError, issue, revoke
from arfollow.receivables.queries.customers import CustomerCard
from arfollow.receivables.queries.links import address_of, links_of
from arfollow.receivables.rules.links import Page
from arfollow.web.htmx import go_to, page
from arfollow.web.refusals import said

PAGES: dict[Page, LazyString] = {
    Page.STATEMENT: _l("Statement"),
    Page.PAY: _l("Pay"),
    Page.PROMISE: _l("Pay later"),
    Page.DISPUTE: _l("Something is wrong"),
    Page.PREFERENCES: _l("Preferences"),
    Page.UNSUBSCRIBE: _l("Unsubscribe"),
    Page.SURVEY: _l("Survey"),
    Page.CONFIRM: _l("Confirm"),
}
_BY_HAND = (Page.STATEMENT, Page.PAY, Page.PROMISE, Page.DISPUTE, Page.PREFERENCES)


@blueprint.get("/customers/<customer:number>/links")
@needs(Permission.WORK)
def links(number: str) -> Response:
    """The customer's links, without their addresses."""
    return _page(card_or_404(number))


@blueprint.post("/customers/<customer:number>/links")
@needs(Permission.WORK)
def make_link(number: str) -> Response:
    """Make a link to be passed on by hand. Its address is shown once, and who made it stands in the chatter."""
    scope, session, card = current_scope(), current_session(), card_or_404(number)
    wanted = request.form.get("page", "")
    if wanted not in _BY_HAND:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    link_id = issue(
        session,
        company_id=scope.company_id,
        customer_id=card.id,
        page=wanted,
        about={},
        now=clock.now(),
    )
    record(
        session,
        company_id=scope.company_id,
        customer_id=card.id,
        tag="link:issued",
        who=scope.user_name,
        text=f"Link to the page “{wanted}” made",
        facts={"link": link_id, "page": wanted},
    )
    address = address_of(session, link_id)
    commit(session)
    return _page(card, address=address)


@blueprint.post("/customers/<customer:number>/links/<int:link_id>/revoke")
@needs(Permission.WORK)
def revoke_link(number: str, link_id: int) -> Response:
    """Let the link open nothing any more."""
    scope, session, card = current_scope(), current_session(), card_or_404(number)
    try:
        revoke(
            session,
            company_id=scope.company_id,
            customer_id=card.id,
            link_id=link_id,
            now=clock.now(),
            who=scope.user_name,
        )
    except NoLinkError as error:
        session.rollback()
        abort(HTTPStatus.CONFLICT, said(error))
    commit(session)
    flash(_("The link opens nothing any more."), "success")
    return go_to(here("links"))


def _page(card: CustomerCard, *, address: str = "") -> Response:
    return page(
        "customers/links.html",
        part="links",
        card=card,
        links=links_of(current_session(), customer_id=card.id, now=clock.now()),
        names=PAGES,
        by_hand=_BY_HAND,
        address=address,
        here=here,
    )
