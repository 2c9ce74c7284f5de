"""The blocks around the route: what the workflow is called, what enrols whom, what ends it, who enters again, its values."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, request
from werkzeug.wrappers import Response

from arfollow.access import Permission, needs
from arfollow.web.refusals import said
from arfollow.workflows.forms.conditions import entered_condition
from arfollow.workflows.forms.settings import entered_settings
from arfollow.workflows.forms.steps import clicked_rows
from arfollow.workflows.queries.choices import Choices
from arfollow.workflows.rules.conditions import Condition
from arfollow.workflows.rules.definition import Definition, Trigger
from arfollow.workflows.rules.triggers import TRIGGERS
from arfollow.workflows.views.blueprint import blueprint
from arfollow.workflows.views.changing import change, changed, quietly, show
from arfollow.workflows.views.desk import desk_of
from arfollow.workflows.views.panels import WHENEVER, block_panel

_LONGEST = 2_000
_MOST_VALUES = 40


@blueprint.post("/workflows/<int:workflow_id>/blocks/<block>")
@needs(Permission.WORKFLOWS)
def change_block(workflow_id: int, block: str) -> Response:
    """Save what a block says."""
    desk = desk_of(workflow_id)
    if not block_panel(desk, block):
        abort(404)
    errors: dict[str, str] = {}
    error = change(workflow_id, lambda made: _changed(made, block, desk.choices, errors))
    if error is not None:
        desk = desk_of(workflow_id)
        return show(desk, block_panel(desk, block), problem=said(error), status=409)
    if errors:
        desk = desk_of(workflow_id)
        return show(desk, block_panel(desk, block, errors), status=422)
    if request.form.get("quiet"):
        return quietly(workflow_id, "")
    return changed(workflow_id, {} if request.form.get("do") == "remove" else {"block": block})


def _changed(made: Definition, block: str, known: Choices, errors: dict[str, str]) -> Definition:
    match block:
        case "about":
            changed = _about(made)
        case "trigger":
            changed = replace(made, trigger=_trigger(made.trigger, errors))
        case "only":
            changed = replace(made, only=_condition(known))
        case "goal":
            changed = replace(made, goal=_condition(known))
        case "again":
            changed = replace(made, again_after_days=_again())
        case "values":
            changed = replace(made, values=_values())
        case _:
            changed = _with_side(made, int(block.removeprefix(WHENEVER)), known)
    return changed


def _about(made: Definition) -> Definition:
    name = " ".join(request.form.get("name", "").split())[:120]
    return replace(made, name=name or made.name, about=request.form.get("about", "").strip()[:_LONGEST])


def _trigger(before: Trigger, errors: dict[str, str]) -> Trigger:
    kind = request.form.get("kind", before.kind)
    if kind != before.kind:
        return Trigger(kind=kind if kind in TRIGGERS else before.kind, settings={})
    settings, found = entered_settings(TRIGGERS.get(kind, ()), request.form, before.settings)
    errors.update(found)
    return Trigger(kind=kind, settings=settings)


def _condition(known: Choices) -> Condition | None:
    fields = clicked_rows(request.form.to_dict(), request.form.get("do", ""))
    return entered_condition(fields, known, name="c")


def _again() -> int | None:
    if request.form.get("again") != "yes":
        return None
    days = request.form.get("days", "").strip()
    return min(int(days), 36_500) if days.isdecimal() else 0


def _values() -> dict[str, str]:
    names, texts = request.form.getlist("value-name"), request.form.getlist("value-text")
    found: dict[str, str] = {}
    for name, text in list(zip(names, texts, strict=False))[:_MOST_VALUES]:
        plain = "_".join(name.casefold().split())
        if plain.isidentifier():
            found[plain] = text.strip()[:_LONGEST]
    return found


def _with_side(made: Definition, number: int, known: Choices) -> Definition:
    sides = list(made.whenever)
    if request.form.get("do") == "remove":
        del sides[number]
    else:
        new = "_".join(request.form.get("event.new", "").casefold().split())[:40]
        event = new or request.form.get("event", "") or sides[number].event
        sides[number] = replace(sides[number], event=event, condition=_condition(known))
    return replace(made, whenever=tuple(sides))
