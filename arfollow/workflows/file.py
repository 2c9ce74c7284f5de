"""Workflows as files that people read and change (TOML), and as data that the database keeps (JSON); both say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import tomli_w

from arfollow.workflows.file_limits import beyond_limits
from arfollow.workflows.rules.conditions import WITHOUT_VALUE, All, Condition, Not, Operator, Some, Test
from arfollow.workflows.rules.definition import Branch, Definition, Kind, Step, Trigger, Whenever
from arfollow.workflows.toml import TomlError, read_toml

_DEFINITION = frozenset("name about trigger only goal again_after_days values route whenever".split())
_OF_STEP = frozenset("key kind name branches".split())
_BRANCH = frozenset("outcome label condition route".split())
_WHENEVER = frozenset("event condition route".split())
_DEEPEST = 20
_MOST_DAYS = 36_500


class WorkflowFileError(ValueError):
    """The workflow cannot be read; the message says where."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}" if where else problem)


def write_workflow(definition: Definition) -> str:
    """The workflow as TOML; `read_workflow` gives the same one again."""
    return tomli_w.dumps(to_data(definition), multiline_strings=True)


def read_workflow(text: str) -> Definition:
    """The workflow in the TOML text; raise WorkflowFileError."""
    try:
        data = read_toml(text)
    except TomlError as error:
        raise WorkflowFileError("", str(error)) from None
    definition = from_data(data)
    for where, problem in beyond_limits(definition):
        raise WorkflowFileError(where, problem)
    return definition


def to_data(definition: Definition) -> dict[str, Any]:
    """The workflow as plain data: text, whole numbers, truth values, lists and tables."""
    data: dict[str, Any] = {"name": definition.name}
    if definition.about:
        data["about"] = definition.about
    if definition.again_after_days is not None:
        data["again_after_days"] = definition.again_after_days
    if definition.values:
        data["values"] = dict(definition.values)
    data["trigger"] = {"kind": definition.trigger.kind, **definition.trigger.settings}
    for name, condition in (("only", definition.only), ("goal", definition.goal)):
        if condition is not None:
            data[name] = _condition_data(condition)
    data["route"] = [_step_data(step) for step in definition.route]
    if definition.whenever:
        data["whenever"] = [_whenever_data(each) for each in definition.whenever]
    return data


def from_data(data: Mapping[str, Any]) -> Definition:
    """The workflow of plain data; raise WorkflowFileError. Whether it can be published is another question."""
    _known(data, _DEFINITION, "the workflow")
    again = data.get("again_after_days")
    if again is not None and (type(again) is not int or not 0 <= again <= _MOST_DAYS):
        raise WorkflowFileError("again_after_days", f"has to be a whole number from 0 to {_MOST_DAYS}.")
    trigger = _table(data.get("trigger", {}), "trigger")
    return Definition(
        name=_text(data, "name", "the workflow"),
        about=str(data.get("about", "")),
        trigger=Trigger(
            kind=_text(trigger, "kind", "trigger"), settings={k: v for k, v in trigger.items() if k != "kind"}
        ),
        only=_condition(data["only"], "only") if "only" in data else None,
        goal=_condition(data["goal"], "goal") if "goal" in data else None,
        route=_route(data.get("route", []), "route"),
        whenever=tuple(
            _whenever(each, f"whenever {at}") for at, each in enumerate(_tables(data, "whenever"), 1)
        ),
        again_after_days=again,
        values=_values(data.get("values", {})),
    )


def _values(data: Any) -> Mapping[str, str]:
    values = _table(data, "values")
    for name, value in values.items():
        if not name.isidentifier() or not isinstance(value, str):
            raise WorkflowFileError(f"values, {name}", "write a plain name and its text in quotation marks.")
    return dict(values)


def _step_data(step: Step) -> dict[str, Any]:
    data: dict[str, Any] = {"key": step.key, "kind": step.kind.value}
    if step.name:
        data["name"] = step.name
    data |= step.settings
    if step.branches:
        data["branches"] = [_branch_data(branch) for branch in step.branches]
    return data


def _branch_data(branch: Branch) -> dict[str, Any]:
    data: dict[str, Any] = {"outcome": branch.outcome}
    if branch.label:
        data["label"] = branch.label
    if branch.condition is not None:
        data["condition"] = _condition_data(branch.condition)
    if branch.route:
        data["route"] = [_step_data(step) for step in branch.route]
    return data


def _whenever_data(whenever: Whenever) -> dict[str, Any]:
    data: dict[str, Any] = {"event": whenever.event}
    if whenever.condition is not None:
        data["condition"] = _condition_data(whenever.condition)
    return {**data, "route": [_step_data(step) for step in whenever.route]}


def _condition_data(condition: Condition) -> dict[str, Any]:
    match condition:
        case All(parts=parts):
            return {"all": [_condition_data(part) for part in parts]}
        case Some(parts=parts):
            return {"any": [_condition_data(part) for part in parts]}
        case Not(part=part):
            return {"not": _condition_data(part)}
        case Test(fact=fact, operator=operator, value=value):
            data: dict[str, Any] = {"fact": fact, "operator": operator.value}
            if operator in WITHOUT_VALUE:
                return data
            if isinstance(value, date):
                return {**data, "day": value.isoformat()}
            return {**data, "value": list(value) if isinstance(value, tuple) else value}


def _route(data: Any, where: str, depth: int = 0) -> tuple[Step, ...]:
    if not isinstance(data, list) or not all(isinstance(each, Mapping) for each in data):
        raise WorkflowFileError(where, "write each step as a table, such as [[route]].")
    if depth > _DEEPEST:
        raise WorkflowFileError(where, "paths lie too deep in one another.")
    return tuple(_step(each, f"{where}, step {at}", depth) for at, each in enumerate(data, 1))


def _step(data: Mapping[str, Any], where: str, depth: int) -> Step:
    key = _text(data, "key", where)
    kind = _text(data, "kind", where)
    if kind not in list(Kind):
        raise WorkflowFileError(where, f"there is no kind “{kind}”; there are {', '.join(Kind)}.")
    return Step(
        key=key,
        kind=Kind(kind),
        name=str(data.get("name", "")),
        settings={name: value for name, value in data.items() if name not in _OF_STEP},
        branches=tuple(_branch(each, f"step “{key}”", depth) for each in _tables(data, "branches")),
    )


def _branch(data: Mapping[str, Any], where: str, depth: int) -> Branch:
    _known(data, _BRANCH, where)
    outcome = _text(data, "outcome", where)
    inside = f"{where}, path “{outcome}”"
    return Branch(
        outcome=outcome,
        label=str(data.get("label", "")),
        condition=_condition(data["condition"], inside) if "condition" in data else None,
        route=_route(data.get("route", []), inside, depth + 1),
    )


def _whenever(data: Mapping[str, Any], where: str) -> Whenever:
    _known(data, _WHENEVER, where)
    return Whenever(
        event=_text(data, "event", where),
        condition=_condition(data["condition"], where) if "condition" in data else None,
        route=_route(data.get("route", []), where),
    )


def _condition(data: Any, where: str, depth: int = 0) -> Condition:
    table = _table(data, where)
    if depth > _DEEPEST:
        raise WorkflowFileError(where, "conditions lie too deep in one another.")
    match dict(table):
        case {"all": list() as parts, **rest} if not rest:
            return All(parts=tuple(_condition(part, where, depth + 1) for part in parts))
        case {"any": list() as parts, **rest} if not rest:
            return Some(parts=tuple(_condition(part, where, depth + 1) for part in parts))
        case {"not": part, **rest} if not rest:
            return Not(part=_condition(part, where, depth + 1))
        case {"fact": str() as fact, "operator": str() as operator, **rest}:
            return _test(fact, operator, rest, where)
    raise WorkflowFileError(where, "a condition is a fact with an operator, or all, any or not of such.")


def _test(fact: str, operator: str, rest: Mapping[str, Any], where: str) -> Test:
    if operator not in list(Operator):
        raise WorkflowFileError(where, f"there is no operator “{operator}”; there are {', '.join(Operator)}.")
    if Operator(operator) in WITHOUT_VALUE:
        _known(rest, frozenset(), where)
        return Test(fact=fact, operator=Operator(operator))
    if len(rest) != 1 or not rest.keys() <= {"day", "value"}:
        raise WorkflowFileError(where, f"say what “{fact}” is compared with, as “value” or as “day”.")
    return Test(fact=fact, operator=Operator(operator), value=_compared(rest, where))


def _compared(rest: Mapping[str, Any], where: str) -> str | int | bool | date | tuple[str, ...]:
    match rest:
        case {"day": date() as day}:
            return day
        case {"day": str() as text}:
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise WorkflowFileError(where, f"“{text}” is no day, such as 2026-11-20.") from None
        case {"value": list() as parts} if all(isinstance(part, str) for part in parts):
            return tuple(parts)
        case {"value": (str() | int()) as value}:
            return value
    raise WorkflowFileError(where, "facts are compared with text, whole numbers, true or false, and days.")


def _known(data: Mapping[str, Any], keys: frozenset[str], where: str) -> None:
    for name in data:
        if name not in keys:
            raise WorkflowFileError(where, f"there is no “{name}”; there are {', '.join(sorted(keys))}.")


def _text(data: Mapping[str, Any], name: str, where: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise WorkflowFileError(where, f"“{name}” is missing.")
    return value


def _table(data: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise WorkflowFileError(where, "this is no table.")
    return data


def _tables(data: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = data.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise WorkflowFileError(name, f"write each as a [[{name}]] table.")
    return found
