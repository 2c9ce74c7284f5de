"""A condition as rows and groups of rows that somebody fills in; each part is named by its way from the top: `c`, `c.0`, `c.0.1`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from arfollow.workflows.forms.facts import (
    Compared,
    Offered,
    compared_with,
    entered_value,
    facts_offered,
    operators_offered,
    shown_value,
    values_offered,
)
from arfollow.workflows.queries.choices import Choices
from arfollow.workflows.rules.conditions import WITHOUT_VALUE, All, Condition, Not, Operator, Some, Test
from arfollow.workflows.words.names import OPERATORS

Posted = Mapping[str, str]
GROUPS: Mapping[str, object] = {
    "all": _l("all of these hold"),
    "any": _l("at least one of these holds"),
    "none": _l("none of these holds"),
    "not_all": _l("not all of these hold"),
}
_DEEPEST = 4
_MOST_PARTS = 40


@dataclass(frozen=True, slots=True)
class _Around:
    choices: Choices
    told: Sequence[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowForm:
    """One comparison. `values`: to choose from; empty: it is entered."""

    name: str
    fact: str
    operator: str
    value: str
    facts: Sequence[Offered]
    operators: Sequence[tuple[str, str]]
    values: Sequence[Offered]
    type: str

    @property
    def has_value(self) -> bool:
        """Whether something is compared with."""
        return self.operator not in list(WITHOUT_VALUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupForm:
    """Comparisons that belong together. `can_nest`: a group may be put into it."""

    name: str
    kind: str
    parts: Sequence[RowForm | GroupForm]
    can_nest: bool


def condition_form(
    condition: Condition | None, choices: Choices, *, name: str, told: Sequence[str] | None = None
) -> GroupForm:
    """The condition as a group, an empty one for none. `told`: only what an event tells is asked for."""
    kind, parts = _group(condition)
    return _group_form(kind, parts, _Around(choices, told), name, 0)


def entered_condition(posted: Posted, choices: Choices, *, name: str) -> Condition | None:
    """What was posted; a group without rows is no condition."""
    return _simple(_entered_group(posted, choices, name))


def with_row(posted: Posted, group: str, *, nested: bool) -> dict[str, str]:
    """What was posted, with a new row (`nested`: a group with one) at the end of the group."""
    added = dict(posted)
    at = f"{group}.{_count(posted, group)}"
    if f"{group}.kind" not in added:
        added[f"{group}.kind"] = "all"
    if nested:
        added[f"{at}.kind"] = "any"
        at = f"{at}.0"
    added[f"{at}.fact"], added[f"{at}.operator"] = "", Operator.KNOWN.value
    return added


def without(posted: Posted, part: str) -> dict[str, str]:
    """What was posted, without the row or group; those after it move up."""
    group, _, number = part.rpartition(".")
    gone = int(number)
    left: dict[str, str] = {}
    for name, value in posted.items():
        own = _number_in(name, group)
        if own is None or own < gone:
            left[name] = value
        elif own > gone:
            rest = name.removeprefix(f"{group}.{own}")
            left[f"{group}.{own - 1}{rest}"] = value
    return left


def _number_in(name: str, group: str) -> int | None:
    """Which part of the group the field belongs to; None: to none."""
    if not name.startswith(f"{group}."):
        return None
    number = name.removeprefix(f"{group}.").partition(".")[0]
    return int(number) if number.isdecimal() else None


def _group(condition: Condition | None) -> tuple[str, tuple[Condition, ...]]:
    found: tuple[str, tuple[Condition, ...]] = "all", ()
    match condition:
        case All(parts=parts):
            found = "all", parts
        case Some(parts=parts):
            found = "any", parts
        case Not(part=Some(parts=parts)):
            found = "none", parts
        case Not(part=All(parts=parts)):
            found = "not_all", parts
        case Not(part=part):
            found = "none", (part,)
        case Test():
            found = "all", (condition,)
    return found


def _group_form(kind: str, parts: Sequence[Condition], around: _Around, name: str, depth: int) -> GroupForm:
    return GroupForm(
        name=name,
        kind=kind,
        parts=[_part_form(part, around, f"{name}.{at}", depth + 1) for at, part in enumerate(parts)],
        can_nest=depth + 1 < _DEEPEST,
    )


def _part_form(part: Condition, around: _Around, name: str, depth: int) -> RowForm | GroupForm:
    if not isinstance(part, Test):
        kind, parts = _group(part)
        return _group_form(kind, parts, around, name, depth)
    choices = around.choices
    operators = dict.fromkeys((*operators_offered(part.fact, choices), part.operator))
    values = list(values_offered(part.fact, choices))
    shown = shown_value(part.fact, part.value, choices)
    if values and shown and shown not in [each.value for each in values]:
        values.append(Offered(value=shown, words=shown))
    kinds = {Compared.NUMBER: "number", Compared.DAY: "date"}
    return RowForm(
        name=name,
        fact=part.fact,
        operator=part.operator.value,
        value=shown,
        facts=facts_offered(choices, present=part.fact, told=around.told),
        operators=[(each.value, str(OPERATORS[each])) for each in operators],
        values=values,
        type=kinds.get(compared_with(part.fact, choices), "text"),
    )


def _entered_group(posted: Posted, choices: Choices, name: str) -> Condition:
    parts: list[Condition] = []
    for at in range(min(_count(posted, name), _MOST_PARTS)):
        part = f"{name}.{at}"
        if f"{part}.kind" in posted:
            group = _entered_group(posted, choices, part)
            parts += [group] if _has_parts(group) else []
        else:
            parts.append(_entered_row(posted, choices, part))
    match posted.get(f"{name}.kind"):
        case "any":
            return Some(parts=tuple(parts))
        case "none":
            return Not(part=Some(parts=tuple(parts)))
        case "not_all":
            return Not(part=All(parts=tuple(parts)))
    return All(parts=tuple(parts))


def _entered_row(posted: Posted, choices: Choices, name: str) -> Test:
    fact, operator = posted.get(f"{name}.fact", ""), posted.get(f"{name}.operator", "")
    offered = operators_offered(fact, choices) if fact else (Operator.KNOWN,)
    # Another fact may not be compared in the way of the one before.
    chosen = Operator(operator) if operator in list(Operator) else offered[0]
    if posted.get(f"{name}.was", fact) != fact:
        chosen = offered[0]
    if chosen in WITHOUT_VALUE:
        return Test(fact=fact, operator=chosen)
    text = posted.get(f"{name}.value", "").strip()
    offers = [each.value for each in values_offered(fact, choices)]
    if posted.get(f"{name}.was", fact) != fact or (offers and not text):
        text = offers[0] if offers else ""
    return Test(fact=fact, operator=chosen, value=entered_value(fact, text, choices))


def _has_parts(condition: Condition) -> bool:
    _kind, parts = _group(condition)
    return bool(parts)


def _simple(condition: Condition) -> Condition | None:
    """None for an empty group, and a comparison by itself instead of a group of one."""
    match condition:
        case All(parts=()) | Some(parts=()) | Not(part=All(parts=()) | Some(parts=())):
            return None
        case All(parts=(Test() as only,)):
            return only
    return condition


def _count(posted: Posted, group: str) -> int:
    numbers = [number for name in posted if (number := _number_in(name, group)) is not None]
    return max(numbers, default=-1) + 1


def group_names() -> Sequence[tuple[str, str]]:
    """The ways in which rows belong together, for a choice."""
    return [(kind, str(words)) for kind, words in GROUPS.items()]
