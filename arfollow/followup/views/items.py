"""What can be done with chosen items: hold, dispute, promise, apply a credit; and taking each back."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.followup.clicks import Click
from arfollow.followup.forms import DisputeForm, EndForm, HoldForm, PromiseForm, chosen_day, read_amount
from arfollow.followup.operations import agreeing
from arfollow.followup.views.answers import act, chosen_items, posted
from arfollow.followup.views.blueprint import blueprint
from arfollow.receivables.operations.allocations import apply_credit, unapply
from arfollow.receivables.operations.disputes import resolve_dispute
from arfollow.receivables.operations.holds import release_hold, set_hold
from arfollow.receivables.operations.promises import cancel_promise
from arfollow.web.input import whole


@blueprint.post("/customers/<customer:number>/holds")
@needs(Permission.WORK)
def hold_items(number: str) -> Response:
    """Hold the chosen items: no follow-up for them."""
    panel = posted("hold", HoldForm)
    form = panel.form

    def operation(session: Session, click: Click) -> None:
        items = agreeing.open_ones(session, click, item_ids=chosen_items())
        agreeing.hold_items(session, click, items=items, reason=form.reason.data or "", until=form.until.data)

    return act(number, operation, said=_("The chosen items are on hold."), panel=panel)


@blueprint.post("/customers/<customer:number>/holds/customer")
@needs(Permission.WORK)
def hold_customer(number: str) -> Response:
    """Hold the whole customer."""
    panel = posted("hold", HoldForm)
    form = panel.form

    def operation(session: Session, click: Click) -> None:
        set_hold(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            reason=form.reason.data or "",
            until=form.until.data,
            on=click.today,
            who=click.who,
        )

    return act(number, operation, said=_("The customer is on hold."), panel=panel)


@blueprint.post("/customers/<customer:number>/holds/<int:hold_id>/release")
@needs(Permission.WORK)
def end_hold(number: str, hold_id: int) -> Response:
    """Release a hold."""
    return act(
        number,
        lambda session, click: release_hold(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            hold_id=hold_id,
            on=click.today,
            who=click.who,
        ),
        said=_("The hold is released."),
    )


@blueprint.post("/customers/<customer:number>/disputes")
@needs(Permission.WORK)
def dispute_items(number: str) -> Response:
    """The customer contests the chosen items, or a part of one."""
    panel = posted("dispute", DisputeForm)
    form = panel.form

    def operation(session: Session, click: Click) -> None:
        items = agreeing.open_ones(session, click, item_ids=chosen_items())
        amount = read_amount(form.amount.data or "", items[0].currency)
        agreeing.dispute_items(session, click, items=items, reason=form.reason.data or "", amount=amount)

    return act(
        number, operation, said=_("The dispute is noted; what is disputed is not chased."), panel=panel
    )


@blueprint.post("/customers/<customer:number>/disputes/<int:dispute_id>/resolve")
@needs(Permission.WORK)
def end_dispute(number: str, dispute_id: int) -> Response:
    """Resolve a dispute, with its outcome."""
    text = EndForm.from_request().text.data or ""
    return act(
        number,
        lambda session, click: resolve_dispute(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            dispute_id=dispute_id,
            outcome=text,
            on=click.today,
            who=click.who,
        ),
        said=_("The dispute is resolved."),
    )


@blueprint.post("/customers/<customer:number>/promises")
@needs(Permission.WORK)
def promise_items(number: str) -> Response:
    """The customer promises to pay the chosen items; a long promise needs a manager."""
    panel = posted("promise", PromiseForm)
    form = panel.form
    long_allowed = current_scope().may(Permission.CONFIGURE)

    def operation(session: Session, click: Click) -> None:
        items = agreeing.open_ones(session, click, item_ids=chosen_items())
        agreeing.promise_items(
            session,
            click,
            items=items,
            amount=read_amount(form.amount.data or "", items[0].currency),
            due_on=chosen_day(form.due_on),
            note=form.note.data or "",
            long_allowed=long_allowed,
        )

    return act(number, operation, said=_("The promise is noted."), panel=panel)


@blueprint.post("/customers/<customer:number>/promises/<int:promise_id>/cancel")
@needs(Permission.WORK)
def end_promise(number: str, promise_id: int) -> Response:
    """Cancel a promise, with a reason."""
    text = EndForm.from_request().text.data or ""
    return act(
        number,
        lambda session, click: cancel_promise(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            promise_id=promise_id,
            reason=text,
            on=click.today,
            who=click.who,
        ),
        said=_("The promise is cancelled."),
    )


@blueprint.post("/customers/<customer:number>/credits/apply")
@needs(Permission.WORK)
def apply(number: str) -> Response:
    """Apply an unapplied credit to the chosen items, in the order in which they stand."""

    def operation(session: Session, click: Click) -> None:
        items = agreeing.open_ones(session, click, item_ids=chosen_items())
        apply_credit(
            session,
            company_id=click.company_id,
            credit_id=request.form.get("credit", 0, whole),
            instalment_ids=[item.id for item in items],
            on=click.today,
            who=click.who,
        )

    return act(number, operation, said=_("The credit is applied."))


@blueprint.post("/customers/<customer:number>/allocations/<int:allocation_id>/take-back")
@needs(Permission.WORK)
def take_back(number: str, allocation_id: int) -> Response:
    """Take an application of a credit back."""
    return act(
        number,
        lambda session, click: unapply(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            allocation_id=allocation_id,
            on=click.today,
            who=click.who,
        ),
        said=_("The credit is unapplied again."),
    )
