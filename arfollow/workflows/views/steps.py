"""Changes of the route: steps added, moved, copied, deleted, and set to something else."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, request
from werkzeug.wrappers import Response

from arfollow.access import Permission, needs
from arfollow.database import current_session
from arfollow.web.refusals import said
from arfollow.workflows.forms.steps import blank_step, entered_step
from arfollow.workflows.queries.keys_used import keys_used
from arfollow.workflows.rules.definition import Definition, Kind, Whenever
from arfollow.workflows.rules.editing import (
    Place,
    delete,
    duplicate,
    find,
    insert,
    keys_of,
    move,
    move_to,
    new_key,
    put,
    whenever_lane,
)
from arfollow.workflows.views.blueprint import blueprint, workflow_or_404
from arfollow.workflows.views.changing import change, changed, quietly, refused, show
from arfollow.workflows.views.desk import desk_of
from arfollow.workflows.views.panels import step_panel

_MOST_STEPS = 200


@blueprint.post("/workflows/<int:workflow_id>/route")
@needs(Permission.WORKFLOWS)
def change_route(workflow_id: int) -> Response:
    """Add, move, copy or delete a step, or a route that an event starts."""
    workflow_or_404(workflow_id)
    what = request.form.get("do", "")
    opened: dict[str, str] = {}

    def how(definition: Definition) -> Definition:
        made, open_now = _changed(workflow_id, definition, what)
        opened.update(open_now)
        return made

    if error := change(workflow_id, how):
        return refused(workflow_id, error, {})
    return changed(workflow_id, opened)


@blueprint.post("/workflows/<int:workflow_id>/steps")
@needs(Permission.WORKFLOWS)
def change_step(workflow_id: int) -> Response:
    """Save what a step is set to; what cannot be read is said at its field."""
    desk, key = desk_of(workflow_id), request.form.get("step", "")
    step = next((each for each in desk.definition.steps() if each.key == key), None)
    if step is None:
        # Somebody else has deleted it, which the refusal says.
        return refused(
            workflow_id, change(workflow_id, lambda made: put(made, find(made, key))) or abort(404), {}
        )
    entered, errors = entered_step(step, request.form, desk.choices)
    if errors:
        return show(desk, step_panel(desk, key, step=entered, errors=errors), status=422)
    error = change(workflow_id, lambda definition: put(definition, entered))
    if error is not None:
        desk = desk_of(workflow_id)
        still = key in keys_of(desk.definition)
        return show(
            desk,
            step_panel(desk, key, step=entered) if still else {},
            problem=said(error),
            status=409,
        )
    return quietly(workflow_id, key) if request.form.get("quiet") else changed(workflow_id, {"step": key})


def _changed(workflow_id: int, definition: Definition, what: str) -> tuple[Definition, dict[str, str]]:
    key = request.form.get("step", "")
    opened = {"step": key}
    match what:
        case "add":
            return _added(workflow_id, definition)
        case "up" | "down":
            made = move(definition, key, down=what == "down")
        case "move":
            made = move_to(definition, key, Place.of(request.form.get("place", "")))
        case "duplicate":
            taken = keys_used(current_session(), workflow_id=workflow_id)
            made, copy = duplicate(definition, key, taken=taken)
            opened = {"step": copy}
        case "delete":
            made, opened = delete(definition, key), {}
        case "whenever+":
            added = Whenever(event="survey_answered", route=())
            made = replace(definition, whenever=(*definition.whenever, added))
            opened = {"block": whenever_lane(len(definition.whenever))}
        case _:
            abort(422)
    return made, opened


def _added(workflow_id: int, definition: Definition) -> tuple[Definition, dict[str, str]]:
    kind, place = request.form.get("kind", ""), Place.of(request.form.get("place", ""))
    if kind not in list(Kind) or len(keys_of(definition)) >= _MOST_STEPS:
        abort(422)
    taken = {*keys_used(current_session(), workflow_id=workflow_id), *keys_of(definition)}
    key = new_key(kind.replace("_", "-"), taken)
    return insert(definition, place, blank_step(Kind(kind), key)), {"step": key}
