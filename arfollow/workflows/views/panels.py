"""What stands beside the route: nothing, the form of a step or block, or the choice of a new step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort

from arfollow.workflows.forms.conditions import condition_form
from arfollow.workflows.forms.facts import told_by
from arfollow.workflows.forms.settings import Around, events_offered, fields_of
from arfollow.workflows.forms.steps import step_form
from arfollow.workflows.rules.definition import Definition, Step, Whenever, all_steps
from arfollow.workflows.rules.editing import Place, UnknownPlaceError, lanes, where
from arfollow.workflows.rules.triggers import TRIGGERS
from arfollow.workflows.views.desk import Desk
from arfollow.workflows.views.words import words_context
from arfollow.workflows.words.kinds import LOOKS, offered
from arfollow.workflows.words.names import TRIGGERS as TRIGGER_NAMES
from arfollow.workflows.words.sentences import step_name

Panel = Mapping[str, Any]
WHENEVER = "whenever."


def panel_of(desk: Desk, opened: Mapping[str, str]) -> Panel:
    """What stands beside the route: nothing, the form of a step or block, or the choice of a new step."""
    if key := opened.get("step"):
        return step_panel(desk, key, ask=opened.get("ask", ""))
    if block := opened.get("block"):
        return block_panel(desk, block)
    if desk.may_change and (place := opened.get("add")):
        return {"kind": "add", "place": place, "offered": offered()} if _is_place(desk, place) else {}
    return {}


def step_panel(
    desk: Desk, key: str, *, ask: str = "", step: Step | None = None, errors: Mapping[str, str] | None = None
) -> Panel:
    """The form of a step, as it is or as it was posted; `ask`: whether to delete it is asked first."""
    found = step or next((each for each in desk.definition.steps() if each.key == key), None)
    if found is None:
        return {}
    place = where(desk.definition, key)
    return {
        "kind": "step",
        "key": key,
        "ask": ask,
        "form": step_form(found, desk.definition, desk.choices, errors),
        "look": LOOKS[found.kind],
        "after": str(Place(lane=place.lane, at=place.at + 1)),
        "inside": sum(len(branch.route) for branch in found.branches),
        "lanes": _goals(desk, found),
        **words_context(desk.definition),
    }


def block_panel(desk: Desk, block: str, errors: Mapping[str, str] | None = None) -> Panel:
    """The form of a block; nothing for one that there is not."""
    made, known = desk.definition, desk.choices
    panel: dict[str, Any] = {"kind": "block", "block": block, "errors": errors or {}, "condition": None}
    match block:
        case "about" | "values" | "again":
            return panel
        case "trigger":
            around = Around(choices=known, kind=made.trigger.kind)
            spec = TRIGGERS.get(made.trigger.kind, ())
            panel["triggers"] = [(kind, str(name)) for kind, name in TRIGGER_NAMES.items()]
            panel["fields"] = fields_of(spec, made.trigger.settings, around, errors or {})
            return panel
        case "only" | "goal":
            panel["condition"] = condition_form(getattr(made, block), known, name="c")
            return panel
    side = side_of(made, block)
    if side is None:
        return {}
    panel["condition"] = condition_form(side.condition, known, name="c", told=told_by(side.event, known))
    return {**panel, "side": side, "events": events_offered(side.event)}


def side_of(made: Definition, block: str) -> Whenever | None:
    """The route that an event starts, by the name of its block; None: there is no such."""
    number = block.removeprefix(WHENEVER)
    if not block.startswith(WHENEVER) or not number.isdecimal() or int(number) >= len(made.whenever):
        return None
    return made.whenever[int(number)]


def _is_place(desk: Desk, text: str) -> bool:
    try:
        return Place.of(text).lane in lanes(desk.definition)
    except UnknownPlaceError:
        abort(404)


def _goals(desk: Desk, step: Step) -> list[tuple[str, str]]:
    """Where else the step could be moved: to the end of each lane that is not its own."""
    own = {key for branch in step.branches for key in _keys(branch.route)} | {step.key}
    names = {each.key: step_name(each) for each in desk.definition.steps()}
    here = where(desk.definition, step.key).lane
    found: list[tuple[str, str]] = []
    for lane, route in lanes(desk.definition).items():
        key, _point, number = lane.removeprefix("branch.").rpartition(".")
        if lane == here or (lane.startswith("branch.") and key in own):
            continue
        place = str(Place(lane=lane, at=len(route)))
        if lane.startswith("branch."):
            branching = next(each for each in desk.definition.steps() if each.key == key)
            label = branching.branches[int(number)].label or branching.branches[int(number)].outcome
            found.append((place, f"{names[key]}: {label}"))
        else:
            found.append((place, lane))
    return found


def _keys(route: tuple[Step, ...]) -> list[str]:
    return [step.key for step in all_steps(route)]
