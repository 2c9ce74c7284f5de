"""The inspector: who is in a workflow, where, why and what comes next; and what a manager does about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from arfollow import clock
from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.receivables.operations.lookup import MissingTextError
from arfollow.receivables.queries.customers import find_customer
from arfollow.web import exports
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said
from arfollow.workflows.operations import guiding
from arfollow.workflows.queries.enrolment import EnrolmentView, enrolment_view, main_steps
from arfollow.workflows.queries.standing import UnknownEnrolmentError
from arfollow.workflows.queries.versions import UnknownWorkflowError
from arfollow.workflows.rules.definition import Step
from arfollow.workflows.rules.facts import bases
from arfollow.workflows.rules.steering import outcomes_of
from arfollow.workflows.rules.watching import watched_facts
from arfollow.workflows.steering_forms import SteerForm
from arfollow.workflows.steering_sheets import history_sheet, outcome_words
from arfollow.workflows.views.customer_panel import open_invoices
from arfollow.workflows.words import conditions, kinds, names, sentences, standing

_ASKED: Mapping[str, tuple[str, ...]] = {"skip": ("outcome",), "move": ("to",), "newest": ("to",)}
"""What a click tells besides its reason."""

blueprint = Blueprint("inspector", __name__, url_prefix="/workflows")

_STEERS: Mapping[str, Callable[..., None]] = {
    "skip": guiding.skip,
    "move": guiding.move,
    "restart": guiding.restart,
    "remove": guiding.remove,
    "newest": guiding.move_to_newest,
}


@blueprint.get("/enrolments/<int:enrolment_id>")
@needs(Permission.VIEW)
def enrolment(enrolment_id: int) -> AnyResponse:
    """One customer in one workflow."""
    view = _view(enrolment_id)
    if exports.wanted():
        return exports.download(lambda: history_sheet(view))
    return _enrolment_page(view)


@blueprint.post("/enrolments/<int:enrolment_id>/skip")
@needs(Permission.WORKFLOWS)
def skip(enrolment_id: int) -> AnyResponse:
    """Go on past the step at which the customer stands."""
    return _steer(enrolment_id, "skip", _("Skipped."))


@blueprint.post("/enrolments/<int:enrolment_id>/move")
@needs(Permission.WORKFLOWS)
def move(enrolment_id: int) -> AnyResponse:
    """Go on at another step."""
    return _steer(enrolment_id, "move", _("Moved."))


@blueprint.post("/enrolments/<int:enrolment_id>/restart")
@needs(Permission.WORKFLOWS)
def restart(enrolment_id: int) -> AnyResponse:
    """Begin anew."""
    return _steer(enrolment_id, "restart", _("The customer begins anew."))


@blueprint.post("/enrolments/<int:enrolment_id>/newest")
@needs(Permission.WORKFLOWS)
def newest(enrolment_id: int) -> AnyResponse:
    """Go on in the newest version."""
    return _steer(enrolment_id, "newest", _("The customer goes on in the newest version."))


@blueprint.post("/enrolments/<int:enrolment_id>/remove")
@needs(Permission.WORK)
def remove(enrolment_id: int) -> AnyResponse:
    """Take the customer out."""
    return _steer(enrolment_id, "remove", _("The customer is in the workflow no longer."))


@blueprint.post("/customers/<customer:number>/add")
@needs(Permission.WORK)
def add(number: str) -> AnyResponse:
    """Put a customer into a workflow by hand."""
    scope, session = current_scope(), current_session()
    card = find_customer(session, company_id=scope.company_id, number=number) or abort(404)
    workflow, _colon, invoice = request.form.get("workflow", "").partition(":")
    if not workflow.isdecimal() or (invoice and invoice not in open_invoices(session, scope, card.id)):
        abort(404)
    try:
        enrolment_id = guiding.add_by_hand(
            session,
            company_id=scope.company_id,
            workflow_id=whole(workflow),
            customer_id=card.id,
            key=invoice,
            who=scope.user_name,
            now=clock.now(),
            today=scope.today,
        )
    except UnknownWorkflowError:
        abort(404)
    except guiding.NotEnteredError as problem:
        session.rollback()
        flash(said(problem), "warning")
        return go_to(url_for("followup.customer", number=number))
    commit(session)
    flash(_("The customer is in the workflow now; its first step comes within seconds."), "success")
    return go_to(url_for("inspector.enrolment", enrolment_id=enrolment_id))


def _steer(enrolment_id: int, what: str, words: str) -> AnyResponse:
    """Do it, or show the page again with why it was not done."""
    scope, session, form = current_scope(), current_session(), SteerForm.from_request(prefix=f"{what}-")
    view = _view(enrolment_id)
    if not form.validate():
        return _enrolment_page(view, told=(what, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _STEERS[what](
            session,
            company_id=scope.company_id,
            enrolment_id=enrolment_id,
            form_seen=form.seen.data or "",
            who=scope.user_name,
            reason=form.reason.data or "",
            now=clock.now(),
            **{name: getattr(form, name).data or "" for name in _ASKED.get(what, ())},
        )
    except guiding.OutdatedStandingError as problem:
        return _refused(enrolment_id, said(problem), HTTPStatus.CONFLICT)
    except (guiding.NoSuchStepError, guiding.StepGoneError, guiding.NothingNewerError, MissingTextError) as e:
        return _refused(enrolment_id, said(e), HTTPStatus.UNPROCESSABLE_ENTITY)
    commit(session)
    flash(words, "success")
    return go_to(url_for("inspector.enrolment", enrolment_id=enrolment_id))


def _refused(enrolment_id: int, words: str, status: HTTPStatus) -> AnyResponse:
    current_session().rollback()
    return _enrolment_page(_view(enrolment_id), problem=words, status=status)


def _view(enrolment_id: int) -> EnrolmentView:
    scope = current_scope()
    try:
        return enrolment_view(
            current_session(),
            company_id=scope.company_id,
            enrolment_id=enrolment_id,
            now=clock.now(),
            today=scope.today,
        )
    except UnknownEnrolmentError:
        abort(404)


def _enrolment_page(
    view: EnrolmentView,
    *,
    told: tuple[str, SteerForm] | None = None,
    problem: str = "",
    status: int = HTTPStatus.OK,
) -> AnyResponse:
    scope = current_scope()
    steps = {step.key: step for step in view.definition.steps()}
    return page(
        "workflows/enrolment.html",
        view=view,
        told=told[0] if told else "",
        forms=_forms(view, told),
        problem=problem,
        status=status,
        may_steer=scope.may(Permission.WORKFLOWS) and view.left_at is None,
        may_remove=scope.may(Permission.WORK) and view.left_at is None,
        names={key: sentences.step_name(step) for key, step in steps.items()},
        looked_at=_looked_at(view),
        goal=conditions.condition_words(view.definition.goal, view.currency),
        words=standing,
        sentences=sentences,
        looks=kinds.LOOKS,
        event_name=names.event_name,
        outcome_words=outcome_words,
        now=clock.now(),
    )


def _forms(view: EnrolmentView, told: tuple[str, SteerForm] | None) -> Mapping[str, SteerForm]:
    """A form for each click, with where to go on."""
    seen = view.main.seen if view.main else ""
    forms = {what: SteerForm(prefix=f"{what}-", data={"seen": seen}) for what in _STEERS}
    if told:
        forms[told[0]] = told[1]
    choose = ("", _("Choose a step"))
    here = [(step.key, _named(step)) for step in main_steps(view.definition)]
    forms["move"].to.choices = [choose, *here]
    newer = [(step.key, _named(step)) for step in view.newer_steps]
    forms["newest"].to.choices = [choose if view.is_gone else ("", _("at the same step")), *newer]
    step = view.main.step if view.main else None
    ways = outcomes_of(step) if step else ()
    forms["skip"].outcome.choices = [(way, standing.way_words(step, way, view.currency)) for way in ways]
    return forms


def _named(step: Step) -> str:
    return (
        f"{sentences.step_name(step)} ({kinds.LOOKS[step.kind].name})"
        if step.name
        else sentences.step_name(step)
    )


def _looked_at(view: EnrolmentView) -> list[tuple[str, str]]:
    """The facts by which the workflow decides, as they are now."""
    return [
        (names.fact_name(name), standing.told_words(name, view.facts.get(name), view.currency))
        for name in sorted(bases(watched_facts(view.definition)))
    ]
