"""Lists: segments of customers, and campaigns, which have a day."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.profiles.forms import ListForm, MembersForm
from arfollow.profiles.operations.lists import (
    ListInUseError,
    ListNameTakenError,
    add_list,
    change_list,
    delete_list,
    uses_of,
)
from arfollow.profiles.queries.lists import PAGE_SIZE, ListLine, all_lists, count_members, members_page
from arfollow.profiles.sheets import lists_sheet, members_sheet
from arfollow.profiles.views.blueprint import blueprint, found_list
from arfollow.receivables.operations.lookup import MissingTextError
from arfollow.receivables.rules.fields import FieldError
from arfollow.web import exports
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said


@blueprint.get("/lists")
@needs(Permission.VIEW)
def lists() -> Response:
    """All lists."""
    company_id = current_scope().company_id
    if exports.wanted():
        return exports.download(lambda: lists_sheet(current_session(), company_id=company_id))
    return _overview(ListForm(formdata=None))


@blueprint.post("/lists")
@needs(Permission.CONFIGURE)
def make_list() -> Response:
    """Make a list."""
    form, scope, session = ListForm.from_request(), current_scope(), current_session()
    if not form.validate():
        return _overview(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        list_id = add_list(session, company_id=scope.company_id, fields=form.fields(), who=scope.user_name)
    except (ListNameTakenError, FieldError, MissingTextError) as error:
        session.rollback()
        form.name.errors = [said(error)]
        return _overview(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    commit(session)
    return go_to(url_for("profiles.one_list", list_id=list_id))


@blueprint.get("/lists/<int:list_id>")
@needs(Permission.VIEW)
def one_list(list_id: int) -> Response:
    """A list and who is on it."""
    known = found_list(list_id)
    if exports.wanted():
        return exports.download(lambda: members_sheet(current_session(), known, text=_asked()))
    return list_page(known)


@blueprint.post("/lists/<int:list_id>")
@needs(Permission.CONFIGURE)
def change_one_list(list_id: int) -> Response:
    """Change what a list is called, and when and where its campaign is."""
    known, form = found_list(list_id), ListForm.from_request()
    scope, session = current_scope(), current_session()
    if not form.validate():
        return list_page(known, form=form)
    try:
        change_list(
            session,
            company_id=scope.company_id,
            list_id=list_id,
            fields=form.fields(),
            who=scope.user_name,
        )
    except (ListNameTakenError, ListInUseError, FieldError, MissingTextError) as error:
        session.rollback()
        form.name.errors = [said(error)]
        return list_page(known, form=form)
    commit(session)
    flash(_("Saved."), "success")
    return go_to(url_for("profiles.one_list", list_id=list_id))


@blueprint.post("/lists/<int:list_id>/delete")
@needs(Permission.CONFIGURE)
def delete_one_list(list_id: int) -> Response:
    """Delete a list; its customers stay."""
    known, scope, session = found_list(list_id), current_scope(), current_session()
    try:
        delete_list(session, company_id=scope.company_id, list_id=list_id, who=scope.user_name)
    except ListInUseError as error:
        abort(HTTPStatus.CONFLICT, said(error))
    commit(session)
    flash(_("The list “%(name)s” is deleted; its customers stay.", name=known.name), "success")
    return go_to(url_for("profiles.lists"))


def list_page(
    known: ListLine, *, form: ListForm | None = None, members: MembersForm | None = None
) -> Response:
    """The page of a list; a form that was refused is open."""
    session, scope = current_session(), current_scope()
    text, number = _asked(), max(request.args.get("page", 1, type=whole), 1)
    refused = form is not None or members is not None
    return page(
        "lists/list.html",
        list=known,
        form=form or ListForm(formdata=None, data=ListForm.values_of(known)),
        members_form=members or MembersForm(formdata=None),
        opened="list" if form is not None else "members" if members is not None else "",
        uses=uses_of(session, company_id=scope.company_id, name=known.name),
        members=members_page(session, list_id=known.id, text=text, page=number),
        total=count_members(session, list_id=known.id, text=text),
        text=text,
        number=number,
        size=PAGE_SIZE,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
    )


def _asked() -> str:
    """What is searched for, without the character that no database holds."""
    return request.args.get("q", "").replace("\0", "")


def _overview(form: ListForm, *, status: int = HTTPStatus.OK) -> Response:
    found = all_lists(current_session(), company_id=current_scope().company_id)
    return page("lists/overview.html", lists=found, form=form, status=status)
