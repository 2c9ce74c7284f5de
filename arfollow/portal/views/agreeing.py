"""“I will pay on …” and “this is wrong”."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask import redirect, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, needs
from arfollow.database import commit, current_session
from arfollow.followup.forms import chosen_day, read_amount
from arfollow.followup.operations.agreeing import NoItemsChosenError, PromisedAlreadyError
from arfollow.portal import acting
from arfollow.portal.blueprint import blueprint
from arfollow.portal.forms import REASONS, DisputeForm, PromiseForm
from arfollow.portal.showing import done, is_done, is_done_before, show, tabs
from arfollow.portal.visiting import Visit, visit
from arfollow.receivables.operations.disputes import DisputedAmountError
from arfollow.receivables.operations.promises import PromiseDateError, PromiseTooLongError
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.queries.claims import disputes, promises
from arfollow.receivables.rules.accounts import OpenItem, chased_residuals
from arfollow.receivables.rules.links import Page
from arfollow.values.money import AmountError
from arfollow.web.input import whole
from arfollow.web.locale import page_locale
from arfollow.web.refusals import said


@blueprint.get("/my/<int:link_id>/promise")
@needs(Permission.PUBLIC)
def promise(link_id: int) -> Response:
    """The form, and what was promised already."""
    here = visit(link_id, Page.PROMISE)
    return _promise_page(here, PromiseForm.fresh(), chosen=None)


@blueprint.post("/my/<int:link_id>/promise")
@needs(Permission.PUBLIC)
def make_promise(link_id: int) -> Response:
    """The customer will pay the chosen invoices by that day."""
    here, session = visit(link_id, Page.PROMISE), current_session()
    form, chosen = PromiseForm.from_request(), request.form.getlist("item", whole)
    form.earliest, form.latest = here.today, _latest(here)
    if not form.validate():
        return _promise_page(here, form, chosen=chosen, status=422)
    try:
        is_new = acting.promise(
            session,
            here,
            item_ids=chosen,
            due_on=chosen_day(form.due_on),
            note=form.note.data or "",
            once=form.once.data or "",
        )
    except (NoItemsChosenError, PromisedAlreadyError, PromiseDateError, PromiseTooLongError) as error:
        session.rollback()
        problem = (
            _("Please choose at least one invoice.") if isinstance(error, NoItemsChosenError) else said(error)
        )
        return _promise_page(here, form, chosen=chosen, problem=problem, status=422)
    commit(session)
    return redirect(url_for("portal.promise", link_id=link_id, done=done(is_new=is_new)), 303)


@blueprint.get("/my/<int:link_id>/dispute")
@needs(Permission.PUBLIC)
def dispute(link_id: int) -> Response:
    """The form, and what was contested already."""
    here = visit(link_id, Page.DISPUTE)
    return _dispute_page(here, DisputeForm.fresh())


@blueprint.post("/my/<int:link_id>/dispute")
@needs(Permission.PUBLIC)
def open_dispute(link_id: int) -> Response:
    """The customer contests an invoice or a part of it."""
    here, session = visit(link_id, Page.DISPUTE), current_session()
    form, items = DisputeForm.from_request(), _items(here)
    form.item.choices = [(item.id, item.invoice) for item, _chased in items]
    if not form.validate():
        return _dispute_page(here, form, status=422)
    currency = next(item.currency for item, _chased in items if item.id == form.item.data)
    try:
        is_new = acting.dispute(
            session,
            here,
            item_id=form.item.data,
            amount=read_amount(form.amount.data or "", currency),
            reason=_reason(here, form),
            once=form.once.data or "",
        )
    except (AmountError, DisputedAmountError, NoItemsChosenError) as error:
        session.rollback()
        form.amount.errors = [said(error)]
        return _dispute_page(here, form, status=422)
    commit(session)
    return redirect(url_for("portal.dispute", link_id=link_id, done=done(is_new=is_new)), 303)


def _promise_page(
    here: Visit, form: PromiseForm, *, chosen: Sequence[int] | None, problem: str = "", status: int = 200
) -> Response:
    session, items = current_session(), [(item, chased) for item, chased in _items(here) if chased]
    due = [item.id for item, _chased in items if item.overdue(here.today)]
    made = promises(
        session, company_id=here.link.company_id, customer_id=here.link.customer_id, day=here.today
    )
    return show(
        "portal/promise.html",
        here,
        tabs=tabs(here, Page.PROMISE),
        form=form,
        items=items,
        chosen=(due or [item.id for item, _chased in items]) if chosen is None else chosen,
        made=[each for each in made if each.state == "open"],
        latest=_latest(here),
        problem=problem,
        done=is_done(),
        again=is_done_before(),
        status=status,
    )


def _dispute_page(here: Visit, form: DisputeForm, *, status: int = 200) -> Response:
    items = _items(here)
    form.item.choices = [(item.id, item.invoice) for item, _chased in items]
    wanted = request.args.get("invoice") or here.link.about.get("invoice", "")
    if form.item.data is None:
        form.item.data = next((item.id for item, _chased in items if item.invoice == wanted), None)
    noted = disputes(
        current_session(), company_id=here.link.company_id, customer_id=here.link.customer_id, day=here.today
    )
    return show(
        "portal/dispute.html",
        here,
        tabs=tabs(here, Page.DISPUTE),
        form=form,
        items=items,
        noted=noted,
        done=is_done(),
        again=is_done_before(),
        status=status,
    )


def _items(here: Visit) -> list[tuple[OpenItem, int]]:
    """What is open, oldest due first, each with what of it is neither disputed nor promised."""
    account = accounts(current_session(), customer_ids=[here.link.customer_id], day=here.today)[
        here.link.customer_id
    ]
    chased = {item.id: amount for item, amount in chased_residuals(account, here.today)}
    return [(item, chased.get(item.id, 0)) for item in account.items]


def _latest(here: Visit) -> date:
    return here.today + timedelta(days=here.company.promise_limit_days)


def _reason(here: Visit, form: DisputeForm) -> str:
    """In the company's language, and in the customer's own words."""
    with force_locale(page_locale(language=here.company.language, country=here.company.country)):
        reason = str(dict(REASONS)[form.reason.data])
    return f"{reason}: {' '.join((form.text.data or '').split())}"
