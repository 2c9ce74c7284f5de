"""The page of heads outside: what went out, where to, and the auditor's address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from flask import Blueprint, Response, current_app, flash, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import Length

from arfollow.access import Permission, current_scope, needs
from arfollow.chatter.heads import are_outside, read_outside
from arfollow.chatter.sheets import heads_sheet
from arfollow.companies.operations import change_auditor
from arfollow.companies.queries import auditor_email
from arfollow.database import commit, current_session
from arfollow.web import exports
from arfollow.web.forms import Form, email_address, one_line
from arfollow.web.htmx import go_to, page

blueprint = Blueprint("heads", __name__, url_prefix="/chatter/heads")

_DAYS = 14


class AuditorForm(Form):
    """Who gets the head by e-mail every day."""

    auditor = StringField(
        _l("E-mail of the auditor"),
        [Length(max=254), email_address],
        filters=[one_line],
        description=_l("Gets a message every day. Empty: the file alone."),
    )


@blueprint.get("")
@needs(Permission.VIEW)
def overview() -> Response:
    """The last two weeks' heads, and who gets them."""
    if exports.wanted():
        return exports.download(lambda: heads_sheet(_recent_heads()))
    return _page(AuditorForm(auditor=auditor_email(current_session(), company_id=current_scope().company_id)))


@blueprint.post("")
@needs(Permission.ADMINISTER)
def change() -> AnyResponse:
    """Save who gets them."""
    form, scope = AuditorForm.from_request(), current_scope()
    if not form.validate():
        return _page(form)
    change_auditor(
        current_session(), company_id=scope.company_id, email=form.auditor.data or "", who=scope.user_name
    )
    commit(current_session())
    flash(_("Saved."), "success")
    return go_to(url_for("heads.overview"))


def _heads(folder: Path, company_id: int, day: date) -> Sequence[Mapping[str, object]]:
    """The day's lines; none of a file that was cut short."""
    if not are_outside(folder, company_id=company_id, day=day):
        return ()
    try:
        return read_outside(folder, company_id=company_id, day=day)
    except ValueError:
        return ()


def _recent_heads() -> Sequence[tuple[date, Mapping[str, object]]]:
    scope, folder = current_scope(), current_app.config["SETTINGS"].heads_folder
    days = [scope.today - timedelta(days=back) for back in range(_DAYS)]
    return [(day, head) for day in days for head in _heads(folder, scope.company_id, day)]


def _page(form: AuditorForm) -> Response:
    folder = current_app.config["SETTINGS"].heads_folder
    return page("chatter/heads.html", form=form, heads=_recent_heads(), folder=folder)
