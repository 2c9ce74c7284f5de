"""Who is in a workflow: the list of the inspector, and moving all of a version into the newest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus

from flask import flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from arfollow import clock
from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.web import exports
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said
from arfollow.workflows.file import from_data
from arfollow.workflows.operations import steering
from arfollow.workflows.queries import figures, inspecting
from arfollow.workflows.queries.counting import View, counts
from arfollow.workflows.queries.enrolment import main_steps
from arfollow.workflows.queries.inspecting import Sort, Wanted
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.engine import Route
from arfollow.workflows.steering_forms import ReasonForm, ResumeForm, RetireForm
from arfollow.workflows.steering_sheets import enrolled_sheet
from arfollow.workflows.tables import WorkflowVersion
from arfollow.workflows.views.blueprint import workflow_or_404
from arfollow.workflows.views.inspector import blueprint
from arfollow.workflows.words import sentences, standing


@blueprint.get("/<int:workflow_id>/customers")
@needs(Permission.VIEW)
def enrolled(workflow_id: int) -> AnyResponse:
    """Who is in the workflow, and where."""
    return _enrolled_page(workflow_id)


@blueprint.post("/<int:workflow_id>/versions/newest")
@needs(Permission.WORKFLOWS)
def move_all(workflow_id: int) -> AnyResponse:
    """Put all who are in a version into the newest."""
    scope, session, form = current_scope(), current_session(), ReasonForm.from_request(prefix="move-")
    workflow_or_404(workflow_id)
    if not form.validate():
        return _enrolled_page(workflow_id, told=("move", form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    chosen = {
        name.removeprefix("step-"): value
        for name, value in request.form.items()
        if name.startswith("step-") and value
    }
    return _steered(
        workflow_id,
        lambda: steering.move_all(
            session,
            company_id=scope.company_id,
            workflow_id=workflow_id,
            from_version=request.form.get("version", 0, type=whole),
            steps=chosen,
            who=scope.user_name,
            reason=form.reason.data or "",
        ),
        _("They go on in the newest version."),
    )


@blueprint.post("/<int:workflow_id>/pause")
@needs(Permission.WORKFLOWS)
def pause(workflow_id: int) -> AnyResponse:
    """Let nobody go on, and nobody enter."""
    form = ReasonForm.from_request(prefix="pause-")
    return _with_all(workflow_id, "pause", form, _("The workflow is paused."))


@blueprint.post("/<int:workflow_id>/resume")
@needs(Permission.WORKFLOWS)
def resume(workflow_id: int) -> AnyResponse:
    """Let it run again."""
    form = ResumeForm.from_request(prefix="resume-")
    return _with_all(workflow_id, "resume", form, _("The workflow runs again."), choice=form.choice.data)


@blueprint.post("/<int:workflow_id>/retire")
@needs(Permission.WORKFLOWS)
def retire(workflow_id: int) -> AnyResponse:
    """Let nobody enter any more."""
    form = RetireForm.from_request(prefix="retire-")
    finish = form.inside.data == "finish"
    return _with_all(workflow_id, "retire", form, _("The workflow is retired."), finish=finish)


_OPERATIONS: Mapping[str, Callable[..., None]] = {
    "pause": steering.pause,
    "resume": steering.resume,
    "retire": steering.retire,
}


def _with_all(workflow_id: int, what: str, form: ReasonForm, words: str, **values: object) -> AnyResponse:
    scope = current_scope()
    workflow_or_404(workflow_id)
    if not form.validate():
        return _enrolled_page(workflow_id, told=(what, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    operation = _OPERATIONS[what]
    return _steered(
        workflow_id,
        lambda: operation(
            current_session(),
            company_id=scope.company_id,
            workflow_id=workflow_id,
            who=scope.user_name,
            reason=form.reason.data or "",
            **values,
        ),
        words,
    )


def _steered(workflow_id: int, operation: Callable[[], None], words: str) -> AnyResponse:
    """The list again, done; or with the words of what was refused."""
    session = current_session()
    try:
        operation()
    except (steering.WrongStateError, steering.BusyError) as problem:
        session.rollback()
        flash(said(problem), "warning")
        return _enrolled_page(workflow_id, status=HTTPStatus.CONFLICT)
    commit(session)
    flash(words, "success")
    return go_to(url_for("inspector.enrolled", workflow_id=workflow_id))


_FORMS: Mapping[str, type[ReasonForm]] = {"pause": ReasonForm, "resume": ResumeForm, "retire": RetireForm}
_OFFERED = {"running": ("pause", "retire"), "paused": ("resume", "retire")}


def _forms(state: str, told: tuple[str, ReasonForm] | None) -> Mapping[str, ReasonForm]:
    """A form for each click that the workflow's state offers, and the one that was refused as it was filled in."""
    forms = {each: _FORMS[each](prefix=f"{each}-") for each in _OFFERED.get(state, ())}
    return {**forms, told[0]: told[1]} if told else forms


def _enrolled_page(
    workflow_id: int, *, told: tuple[str, ReasonForm] | None = None, status: int = HTTPStatus.OK
) -> AnyResponse:
    session, workflow = current_session(), workflow_or_404(workflow_id)
    published = _published(workflow_id)
    steps = {step.key: step for definition in published.values() for step in definition.steps()}
    wanted = _wanted()
    if exports.wanted():
        return exports.download(
            lambda: enrolled_sheet(
                session, workflow_id=workflow_id, name=workflow.name, wanted=wanted, steps=steps
            )
        )
    number = max(request.args.get("page", 1, type=whole), 1)
    counted = counts(session, workflow_id=workflow_id)
    older = _older(workflow_id, published, counted.steps)
    return page(
        "workflows/enrolled.html",
        status=status,
        workflow=workflow,
        wanted=wanted,
        views=View,
        counts=counted.views,
        page=inspecting.enrolled(
            session, workflow_id=workflow_id, wanted=wanted, page=number, counted=counted
        ),
        number=number,
        by_step=counted.steps,
        address_of=_addresses(),
        older=older,
        moves=_moves([version for version, _count, _gone in older], told),
        newest=max(published, default=0),
        newest_steps=main_steps(published[max(published)]) if published else (),
        errand=figures.errand_of(session, workflow_id=workflow_id),
        names={key: sentences.step_name(step) for key, step in steps.items()},
        forms=_forms(workflow.state, told),
        told=told[0] if told else _asked("open"),
        may_steer=current_scope().may(Permission.WORKFLOWS),
        words=standing,
        now=clock.now(),
    )


def _addresses() -> Callable[[int], str]:
    """Gives addresses of enrolments: what they have in common is made once for a whole page."""
    common = url_for("inspector.enrolment", enrolment_id=0).removesuffix("0")
    return lambda enrolment_id: f"{common}{enrolment_id}"


def _moves(versions: Iterable[int], told: tuple[str, ReasonForm] | None) -> Mapping[int, ReasonForm]:
    """A form for each of these versions, with an id of its own for its field."""
    forms = {}
    for number in versions:
        is_told = told is not None and told[0] == "move" and request.form.get("version") == str(number)
        forms[number] = told[1] if told is not None and is_told else ReasonForm(prefix="move-")
        forms[number].reason.id = f"move-{number}-reason"
    return forms


def _wanted() -> Wanted:
    return Wanted(
        view=request.args.get("view", View.INSIDE, type=View),
        step=_asked("step"),
        text=_asked("q").strip()[:100],
        sort=request.args.get("sort", Sort.DUE, type=Sort),
        descending=request.args.get("direction", "") == "descending",
    )


def _asked(name: str) -> str:
    """What the address asks for, without the character that no database holds."""
    return request.args.get(name, "").replace("\0", "")


def _published(workflow_id: int) -> Mapping[int, Definition]:
    """The published versions by number, the oldest first."""
    rows = current_session().execute(
        select(WorkflowVersion.number, WorkflowVersion.definition)
        .where(WorkflowVersion.workflow_id == workflow_id, WorkflowVersion.published_at.is_not(None))
        .order_by(WorkflowVersion.number)
    )
    return {number: from_data(data) for number, data in rows}


def _older(
    workflow_id: int, published: Mapping[int, Definition], stands: Mapping[str, int]
) -> list[tuple[int, int, list[tuple[str, str, int]]]]:
    """The older versions in which anybody is: number, how many, and those steps with somebody that the newest has no more."""
    if len(published) <= 1:
        return []
    newest = Route(published[max(published)])
    found = []
    for number, count in figures.by_version(current_session(), workflow_id=workflow_id).items():
        if number == max(published):
            continue
        gone = [
            (step.key, sentences.step_name(step), stands[step.key])
            for step in main_steps(published[number])
            if step.key in stands and step.key not in newest
        ]
        found.append((number, count, gone))
    return found


__all__ = ["blueprint"]
