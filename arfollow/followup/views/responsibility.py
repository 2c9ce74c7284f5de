"""Who is responsible for which customers: the rules, how many each person has, and handing them over."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.followup.queries.portfolios import Portfolio, portfolios
from arfollow.followup.responsibility_forms import WORDS, HandOverForm, RulesForm
from arfollow.followup.sheets.portfolios import portfolios_sheet
from arfollow.followup.views.blueprint import blueprint
from arfollow.receivables.operations.responsibility import (
    carry_out,
    hand_over,
    has_many_customers,
    save_rules,
)
from arfollow.receivables.queries.responsibility import is_carried_out, responsibility_rules
from arfollow.web import exports
from arfollow.web.htmx import go_to, page


@blueprint.get("/settings/responsibility")
@needs(Permission.VIEW)
def responsibility() -> AnyResponse:
    """The rules, and who has how many customers."""
    if exports.wanted():
        company_id = current_scope().company_id
        return exports.download(lambda: portfolios_sheet(current_session(), company_id=company_id))
    return _page()


@blueprint.post("/settings/responsibility")
@needs(Permission.CONFIGURE)
def change_responsibility() -> AnyResponse:
    """Save the rules and go through the customers by them, or first move one, or add or remove one."""
    form, scope, session = _rules_form(), current_scope(), current_session()
    if what := request.form.get("do", ""):
        return _page(form.rearranged(what), is_changed=True)
    if not form.validate():
        return _page(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    save_rules(session, company_id=scope.company_id, rules=form.chosen(), who=scope.user_name)
    return _saved(_carried_out())


@blueprint.post("/settings/responsibility/hand-over")
@needs(Permission.CONFIGURE)
def hand_over_customers() -> AnyResponse:
    """Give all customers of somebody to somebody else."""
    scope, session = current_scope(), current_session()
    form = _hand_over_form(portfolios(session, company_id=scope.company_id))
    if not form.validate() or form.giver.data == form.taker.data:
        form.taker.errors = [*form.taker.errors, _("Choose two different people.")]
        return _page(handing=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    count = hand_over(
        session,
        company_id=scope.company_id,
        from_id=int(form.giver.data),
        to_id=int(form.taker.data) if form.taker.data else None,
        who=scope.user_name,
    )
    if not form.taker.data:
        _carried_out()
    return _saved(ngettext("%(num)s customer was handed over.", "%(num)s customers were handed over.", count))


def _carried_out() -> str:
    """Go through the customers by the rules as they are now, or leave many to the worker; gives what to say."""
    scope, session = current_scope(), current_session()
    if has_many_customers(session, company_id=scope.company_id):
        return str(_("The rules are saved. The worker goes through the customers now."))
    count = carry_out(session, company_id=scope.company_id, who=scope.user_name)
    changed = ngettext("%(num)s customer changed hands.", "%(num)s customers changed hands.", count)
    saved = _("The rules are saved.")
    return f"{saved} {changed}"


def _saved(words: str) -> AnyResponse:
    commit(current_session())
    flash(words, "success")
    return go_to(url_for("followup.responsibility"))


def _rules_form() -> RulesForm:
    scope, session = current_scope(), current_session()
    form = RulesForm.from_request()
    _offer(form, portfolios(session, company_id=scope.company_id))
    return form


def _offer(form: RulesForm, people: Sequence[Portfolio]) -> None:
    form.offer(
        [(str(each.user_id), each.name) for each in people if each.works_here],
        {str(each.user_id): each.name for each in people},
    )


def _hand_over_form(people: Sequence[Portfolio]) -> HandOverForm:
    form = HandOverForm.from_request()
    form.giver.choices = [
        ("", _("Choose a colleague")),
        *((str(each.user_id), each.name) for each in people if each.user_id and each.has_any),
    ]
    form.taker.choices = [
        ("", _("whoever the rules say")),
        *((str(each.user_id), each.name) for each in people if each.works_here),
    ]
    return form


def _page(
    form: RulesForm | None = None,
    handing: HandOverForm | None = None,
    *,
    is_changed: bool = False,
    status: int = HTTPStatus.OK,
) -> AnyResponse:
    scope, session = current_scope(), current_session()
    people = portfolios(session, company_id=scope.company_id)
    if form is None:
        stored = responsibility_rules(session, company_id=scope.company_id)
        form = RulesForm.stored(stored)
    _offer(form, people)
    return page(
        "settings/responsibility.html",
        form=form,
        handing=handing or _hand_over_form(people),
        people=people,
        is_changed=is_changed,
        is_carried_out=is_carried_out(session, company_id=scope.company_id),
        words=WORDS,
        status=status,
    )
