"""Letters that were printed and wait to be posted: confirmed one by one or many at a time."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.followup.actions.letter import NothingToPostError, confirm_posted
from arfollow.followup.clicks import Click
from arfollow.followup.forms import EndForm
from arfollow.followup.operations.withdrawing import withdraw_letter
from arfollow.followup.queries.letters import count_letters_to_post, delivery_of_letter, letters_to_post
from arfollow.followup.sheets.letters import letters_sheet
from arfollow.followup.views.answers import act
from arfollow.followup.views.blueprint import blueprint
from arfollow.web import exports
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole


@blueprint.get("/letters")
@needs(Permission.VIEW)
def letters() -> Response:
    """What was printed and not yet posted."""
    scope, session = current_scope(), current_session()
    if exports.wanted():
        return exports.download(lambda: letters_sheet(session, company_id=scope.company_id))
    return page(
        "customers/letters.html",
        letters=letters_to_post(session, company_id=scope.company_id),
        total=count_letters_to_post(session, company_id=scope.company_id),
        may_work=scope.may(Permission.WORK),
    )


@blueprint.post("/letters/posted")
@needs(Permission.WORK)
def post_letters() -> AnyResponse:
    """The chosen letters are in the post."""
    scope, session = current_scope(), current_session()
    count = confirm_posted(
        session,
        company_id=scope.company_id,
        delivery_ids=request.form.getlist("letter", whole),
        on=scope.today,
        who=scope.user_name,
    )
    commit(session)
    if count:
        said = ngettext(
            "%(num)s letter is confirmed as posted.", "%(num)s letters are confirmed as posted.", count
        )
        flash(said, "success")
    else:
        flash(_("Nothing was changed: choose letters that were not confirmed before."), "warning")
    return go_to(url_for("followup.letters"))


@blueprint.post("/customers/<customer:number>/letters/<int:action_id>/posted")
@needs(Permission.WORK)
def post_letter(number: str, action_id: int) -> AnyResponse:
    """This customer's letter is in the post."""

    def operation(session: Session, click: Click) -> None:
        delivery_id = delivery_of_letter(session, customer_id=click.customer_id, action_id=action_id)
        if delivery_id is None or not confirm_posted(
            session, company_id=click.company_id, delivery_ids=[delivery_id], on=click.today, who=click.who
        ):
            raise NothingToPostError

    return act(number, operation, said=_("The letter is confirmed as posted."))


@blueprint.post("/customers/<customer:number>/letters/<int:action_id>/withdraw")
@needs(Permission.WORK)
def withdraw(number: str, action_id: int) -> AnyResponse:
    """This letter was printed by mistake and is not sent."""
    reason = EndForm.from_request().text.data or ""
    return act(
        number,
        lambda session, click: withdraw_letter(session, click, action_id=action_id, reason=reason),
        said=_("The letter is withdrawn, and can be printed anew."),
    )
