"""Changes of a route, as somebody who draws it makes them; keys stay unique, and other steps stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from arfollow.workflows.rules.definition import Branch, Definition, Settings, Step, all_steps
from arfollow.workflows.rules.settings import steps_meant

Route = tuple[Step, ...]
MAIN = "route"
_REFERRING = ("step", "of")
_PLACE = re.compile(r"(.+)@(\d{1,6})")
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
_LONGEST_KEY = 30


class UnknownPlaceError(LookupError):
    """The route has no such place or step."""

    def __init__(self, place: str) -> None:
        super().__init__(f"The route has no {place}.")


class InsideItselfError(ValueError):
    """A step cannot be moved to a path of its own."""

    def __init__(self) -> None:
        super().__init__("A step cannot be moved into a path of its own.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Before the step of that index (or at the end) of a lane: MAIN, `whenever.N`, or `branch.KEY.N`, counted from 0."""

    lane: str
    at: int

    def __str__(self) -> str:
        return f"{self.lane}@{self.at}"

    @classmethod
    def of(cls, text: str) -> Place:
        """The place that its text names; raise UnknownPlaceError."""
        found = _PLACE.fullmatch(text)
        if found is None:
            raise UnknownPlaceError(text)
        return cls(lane=found[1], at=int(found[2]))


def branch_lane(key: str, number: int) -> str:
    """The lane of a step's path."""
    return f"branch.{key}.{number}"


def whenever_lane(number: int) -> str:
    """The lane of a route that an event starts."""
    return f"whenever.{number}"


def lanes(definition: Definition) -> Mapping[str, Route]:
    """Every lane by name, in the order in which they are drawn."""
    return {
        name: route
        for at, each in enumerate((definition.route, *(each.route for each in definition.whenever)))
        for name, route in _lanes(whenever_lane(at - 1) if at else MAIN, each)
    }


def find(definition: Definition, key: str) -> Step:
    """The step of that key; raise UnknownPlaceError."""
    found = next((step for step in definition.steps() if step.key == key), None)
    if found is None:
        raise UnknownPlaceError(key)
    return found


def where(definition: Definition, key: str) -> Place:
    """Where the step stands; raise UnknownPlaceError."""
    for name, route in lanes(definition).items():
        for at, step in enumerate(route):
            if step.key == key:
                return Place(lane=name, at=at)
    raise UnknownPlaceError(key)


def keys_of(definition: Definition) -> frozenset[str]:
    """The keys of all steps."""
    return frozenset(step.key for step in definition.steps())


def new_key(wanted: str, taken: Collection[str]) -> str:
    """A key like `wanted` that nothing has or had: small letters, digits and `-`."""
    stem = _NOT_IN_KEYS.sub("-", wanted.casefold()).strip("-")[:_LONGEST_KEY].strip("-") or "step"
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def insert(definition: Definition, place: Place, step: Step) -> Definition:
    """With the step at that place; raise UnknownPlaceError."""
    if place.lane not in lanes(definition):
        raise UnknownPlaceError(place.lane)

    def put(name: str, route: Route) -> Route:
        return (*route[: place.at], step, *route[place.at :]) if name == place.lane else route

    return _rebuilt(definition, put)


def delete(definition: Definition, key: str) -> Definition:
    """Without the step and all in its paths; raise UnknownPlaceError."""
    find(definition, key)
    return _rebuilt(definition, lambda _, route: tuple(step for step in route if step.key != key))


def put(definition: Definition, step: Step) -> Definition:
    """With this in the place of the step of its key; raise UnknownPlaceError."""
    find(definition, step.key)
    return _rebuilt(
        definition, lambda _, route: tuple(step if each.key == step.key else each for each in route)
    )


def duplicate(definition: Definition, key: str, *, taken: Collection[str]) -> tuple[Definition, str]:
    """With a copy after the step, and the copy's key; what refers to a step inside it refers to that one's copy."""
    step, place = find(definition, key), where(definition, key)
    keys: dict[str, str] = {}
    for each in all_steps((step,)):
        keys[each.key] = new_key(each.key, {*taken, *keys_of(definition), *keys.values()})
    copied = insert(definition, replace(place, at=place.at + 1), _renamed(step, keys))
    return copied, keys[key]


def move(definition: Definition, key: str, *, down: bool) -> Definition:
    """One place up or down; out of its path at its ends; the same where it cannot go further."""
    goal = neighbour(definition, key, down=down)
    return definition if goal is None else move_to(definition, key, goal)


def neighbour(definition: Definition, key: str, *, down: bool) -> Place | None:
    """Where moving it one up or down leads; None: it stands at the end of the route."""
    place = where(definition, key)
    last = len(lanes(definition)[place.lane]) - 1
    if (place.at < last) if down else (place.at > 0):
        return replace(place, at=place.at + (2 if down else -1))
    if not place.lane.startswith("branch."):
        return None
    outer = where(definition, place.lane.removeprefix("branch.").rpartition(".")[0])
    return replace(outer, at=outer.at + down)


def move_to(definition: Definition, key: str, place: Place) -> Definition:
    """With the step at that place, which is counted as the route stands; raise InsideItselfError, UnknownPlaceError."""
    step, old = find(definition, key), where(definition, key)
    inside = {branch_lane(each.key, at) for each in all_steps((step,)) for at in range(len(each.branches))}
    if place.lane in inside:
        raise InsideItselfError
    if place.lane not in lanes(definition):
        raise UnknownPlaceError(place.lane)
    if place.lane == old.lane and place.at > old.at:
        place = replace(place, at=place.at - 1)
    return insert(delete(definition, key), place, step)


def _lanes(name: str, route: Route) -> Iterator[tuple[str, Route]]:
    yield name, route
    for step in route:
        for at, branch in enumerate(step.branches):
            yield from _lanes(branch_lane(step.key, at), branch.route)


def _rebuilt(definition: Definition, change: Callable[[str, Route], Route]) -> Definition:
    return replace(
        definition,
        route=_lane(MAIN, definition.route, change),
        whenever=tuple(
            replace(each, route=_lane(whenever_lane(at), each.route, change))
            for at, each in enumerate(definition.whenever)
        ),
    )


def _lane(name: str, route: Route, change: Callable[[str, Route], Route]) -> Route:
    """The lane with its paths changed, then itself."""
    return change(
        name,
        tuple(
            replace(
                step,
                branches=tuple(
                    replace(branch, route=_lane(branch_lane(step.key, at), branch.route, change))
                    for at, branch in enumerate(step.branches)
                ),
            )
            for step in route
        ),
    )


def _renamed(step: Step, keys: Mapping[str, str]) -> Step:
    return replace(
        step,
        key=keys[step.key],
        settings=_referring(step.settings, keys),
        branches=tuple(_renamed_branch(branch, keys) for branch in step.branches),
    )


def _renamed_branch(branch: Branch, keys: Mapping[str, str]) -> Branch:
    return replace(branch, route=tuple(_renamed(step, keys) for step in branch.route))


def _referring(settings: Settings, keys: Mapping[str, str]) -> Settings:
    changed = dict(settings)
    for name in _REFERRING:
        if name in settings:
            meant = [keys.get(key, key) for key in steps_meant(settings[name])]
            changed[name] = meant[0] if isinstance(settings[name], str) and meant else meant
    return changed
