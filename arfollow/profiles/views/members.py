"""Customers of a list: put many on it, take one off it."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.profiles.forms import LONGEST_PASTE, MembersForm
from arfollow.profiles.operations import UnknownListError, remove_from_list
from arfollow.profiles.operations.lists import Enlisted, enlist
from arfollow.profiles.rules import numbers_in
from arfollow.profiles.views.blueprint import blueprint, found_list
from arfollow.profiles.views.lists import list_page
from arfollow.receivables.queries.customers import find_customer
from arfollow.web.htmx import go_to
from arfollow.web.input import whole

_NAMED = 10
"""Unknown numbers that are named."""


@blueprint.post("/lists/<int:list_id>/members")
@needs(Permission.WORK)
def add_members(list_id: int) -> Response:
    """Put the customers on the list whose numbers were pasted, or stand in a file."""
    known, form = found_list(list_id), MembersForm.from_request()
    if not form.validate():
        return list_page(known, members=form)
    numbers = numbers_in(f"{form.numbers.data or ''}\n{_uploaded()}")
    if not numbers:
        form.numbers.errors = [_("Enter at least one customer number, or choose a file.")]
        return list_page(known, members=form)
    scope, session = current_scope(), current_session()
    enlisted = enlist(
        session,
        company_id=scope.company_id,
        list_id=list_id,
        numbers=numbers,
        on=scope.today,
        who=scope.user_name,
    )
    commit(session)
    _tell(enlisted)
    return go_to(url_for("profiles.one_list", list_id=list_id))


@blueprint.post("/lists/<int:list_id>/members/remove")
@needs(Permission.WORK)
def remove_member(list_id: int) -> Response:
    """Take a customer off the list."""
    known, scope, session = found_list(list_id), current_scope(), current_session()
    number = request.form.get("number", "")
    customer = find_customer(session, company_id=scope.company_id, number=number)
    if customer is None:
        abort(HTTPStatus.NOT_FOUND, _("There is no such customer here."))
    try:
        remove_from_list(
            session,
            company_id=scope.company_id,
            customer_id=customer.id,
            name=known.name,
            who=scope.user_name,
        )
    except UnknownListError:
        abort(HTTPStatus.NOT_FOUND, _("There is no such list here."))
    commit(session)
    flash(_("%(name)s is off the list.", name=customer.name), "success")
    return go_to(
        url_for(
            "profiles.one_list",
            list_id=list_id,
            q=request.args.get("q") or None,
            page=request.args.get("page", type=whole),
        )
    )


def _uploaded() -> str:
    file = request.files.get("file")
    if file is None or not file.filename:
        return ""
    content = file.stream.read(LONGEST_PASTE)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _tell(enlisted: Enlisted) -> None:
    words = ngettext(
        "%(num)s customer is on the list now.", "%(num)s customers are on the list now.", enlisted.added
    )
    if enlisted.known:
        also = ngettext("%(num)s was on it already.", "%(num)s were on it already.", enlisted.known)
        words = f"{words} {also}"
    flash(words, "success" if enlisted.added or not enlisted.unknown else "info")
    if enlisted.unknown:
        named = ", ".join(enlisted.unknown[:_NAMED])
        more = len(enlisted.unknown) - _NAMED
        if more > 0:
            named = ngettext("%(named)s and %(num)s more", "%(named)s and %(num)s more", more, named=named)
        flash(_("No customer has the number: %(numbers)s", numbers=named), "warning")
