"""Automatic e-mails: what goes out next, what went out today, from when on, and the button that stops them."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.companies.operations import (
    change_automatic_sending,
    resume_automatic_sending,
    stop_automatic_sending,
)
from arfollow.companies.queries import automatic_sending
from arfollow.database import commit, current_session
from arfollow.fence.queries import is_closed
from arfollow.followup.forms import AutomaticForm
from arfollow.followup.queries.automatic import (
    companies_with_automatic_levels,
    count_due,
    count_gone_out,
    day_of,
    gone_out,
    next_to_go_out,
)
from arfollow.followup.sheets.automatic import automatic_sheet
from arfollow.followup.views.blueprint import blueprint
from arfollow.web import exports
from arfollow.web.htmx import go_to, page

_SHOWN = 50


@blueprint.get("/levels/automatic")
@needs(Permission.VIEW)
def automatic() -> Response:
    """The page."""
    if exports.wanted():
        session, scope, table = current_session(), current_scope(), exports.wanted_table()
        return exports.download(lambda: automatic_sheet(session, scope, table=table))
    return _automatic_page(None)


@blueprint.post("/levels/automatic")
@needs(Permission.CONFIGURE)
def change_automatic() -> AnyResponse:
    """Save from which hour on, and who is told."""
    form, scope = AutomaticForm.from_request(), current_scope()
    if not form.validate():
        return _automatic_page(form)
    change_automatic_sending(
        current_session(),
        company_id=scope.company_id,
        hour=form.hour.data or 0,
        digest_email=(form.digest_email.data or "").strip(),
        who=scope.user_name,
    )
    return _saved(_("Saved."))


@blueprint.post("/levels/automatic/stop")
@needs(Permission.WORK)
def stop_automatic() -> AnyResponse:
    """Let no further e-mail go out by itself."""
    scope = current_scope()
    stop_automatic_sending(current_session(), company_id=scope.company_id, who=scope.user_name)
    return _saved(_("Stopped: no further e-mail goes out by itself."))


@blueprint.post("/levels/automatic/resume")
@needs(Permission.CONFIGURE)
def resume_automatic() -> AnyResponse:
    """Let them go out again."""
    scope = current_scope()
    resume_automatic_sending(current_session(), company_id=scope.company_id, who=scope.user_name)
    return _saved(_("Automatic e-mails go out again."))


def _saved(words: str) -> AnyResponse:
    commit(current_session())
    flash(words, "success")
    return go_to(url_for("followup.automatic"))


def _automatic_page(form: AutomaticForm | None) -> Response:
    scope, session = current_scope(), current_session()
    company = {"company_id": scope.company_id}
    sending = automatic_sending(session, today=scope.today, **company)
    day = day_of(session, day=scope.today, **company)
    return page(
        "automatic/page.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK,
        sending=sending,
        form=form or AutomaticForm(hour=sending.hour, digest_email=sending.own_digest_email),
        is_marked=scope.company_id in companies_with_automatic_levels(session),
        is_held_back=is_closed(session),
        is_finished=day.is_finished,
        due=next_to_go_out(session, limit=_SHOWN, **company),
        due_count=count_due(session, **company),
        sent=gone_out(session, day=scope.today, limit=_SHOWN, **company),
        sent_count=count_gone_out(session, day=scope.today, **company),
    )
