"""Which plan a customer follows; what another one would do is shown before it is chosen."""

from __future__ import annotations

from flask import Response, abort, flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.followup.queries.customer import customer_head
from arfollow.followup.queries.plan_choices import DEFAULT, NONE, plan_choices
from arfollow.followup.views.addresses import here
from arfollow.followup.views.answers import find_click
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.words import what_next, why
from arfollow.levels.operations import PlanInUseError, UnknownPlanError, assign_plan, follow_default_plan
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said


@blueprint.get("/customers/<customer:number>/plan")
@needs(Permission.CONFIGURE)
def plan(number: str) -> Response:
    """The plans to choose from, each with what it would do today."""
    scope, session = current_scope(), current_session()
    head = customer_head(session, company_id=scope.company_id, number=number)
    if head is None:
        abort(404)
    choices = plan_choices(session, company_id=scope.company_id, customer_id=head.card.id, today=scope.today)
    return page(
        "customers/plan.html",
        head=head,
        choices=choices,
        here=here,
        why=why,
        what_next=what_next,
        DEFAULT=DEFAULT,
        NONE=NONE,
    )


@blueprint.post("/customers/<customer:number>/plan")
@needs(Permission.CONFIGURE)
def change_plan(number: str) -> AnyResponse:
    """Give the customer the chosen plan."""
    click, session = find_click(number), current_session()
    chosen = request.form.get("plan", "")
    customer = {"company_id": click.company_id, "customer_id": click.customer_id}
    try:
        if chosen == DEFAULT:
            follow_default_plan(session, **customer, who=click.who)
        elif chosen == NONE:
            assign_plan(session, **customer, plan_id=None, who=click.who)
        else:
            assign_plan(session, **customer, plan_id=_plan_id(chosen), who=click.who)
    except (PlanInUseError, UnknownPlanError) as error:
        abort(422, said(error))
    commit(session)
    flash(_("The customer's plan is changed."), "success")
    return go_to(here("customer"))


def _plan_id(text: str) -> int:
    try:
        return whole(text)
    except ValueError:
        raise UnknownPlanError from None
