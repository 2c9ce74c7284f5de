"""A workflow as it is drawn: blocks one below the other, with paths side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arfollow.workflows.rules.checking import Problem
from arfollow.workflows.rules.definition import OTHERWISE, TIMED_OUT, Branch, Definition, Kind, Step, Whenever
from arfollow.workflows.rules.editing import MAIN, Place, branch_lane, whenever_lane
from arfollow.workflows.words.conditions import condition_words
from arfollow.workflows.words.kinds import LOOKS
from arfollow.workflows.words.names import event_name
from arfollow.workflows.words.sentences import branch_words, step_aside, step_name, step_words

_LEAVING = frozenset({Kind.GO_TO, Kind.RESTART, Kind.END})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A step. `says`: what it does, in a line; `aside`: its purpose, or for whom; `problems`: how many keep it from being published; `leads_on`: the next step follows."""

    key: str
    kind: str
    family: str
    icon: str
    kind_name: str
    name: str
    says: str
    aside: str
    problems: int
    paths: Sequence[Lane]
    leads_on: bool

    @property
    def last_back(self) -> int:
        """The index of the last path that leads back to the others; -1: none does."""
        return max((at for at, path in enumerate(self.paths) if path.leads_on), default=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Blocks one below the other. `label`: what leads here; `is_rest`: where nothing else led; `leads_on`: it meets the others again."""

    name: str
    label: str
    blocks: Sequence[Block]
    is_rest: bool = False
    leads_on: bool = True

    def place(self, at: int) -> str:
        """The place before the block of that index."""
        return str(Place(lane=self.name, at=at))


@dataclass(frozen=True, slots=True, kw_only=True)
class SideLane:
    """A route that an event starts. `when`: the event, in words; `only`: on which condition."""

    number: int
    when: str
    only: str
    lane: Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """All of it."""

    main: Lane
    sides: Sequence[SideLane]
    steps: int


@dataclass(frozen=True, slots=True)
class _Drawn:
    names: Mapping[str, str]
    problems: Counter[str]
    language: str
    currency: str


def draw(definition: Definition, *, problems: Sequence[Problem], language: str, currency: str) -> Drawing:
    """The drawing; texts of messages are shown in that language."""
    steps = list(definition.steps())
    drawn = _Drawn(
        {step.key: step_name(step) for step in steps},
        Counter(each.step for each in problems),
        language,
        currency,
    )
    return Drawing(
        main=_lane(MAIN, "", definition.route, drawn),
        sides=[_side(at, each, drawn) for at, each in enumerate(definition.whenever)],
        steps=len(steps),
    )


def _side(at: int, each: Whenever, drawn: _Drawn) -> SideLane:
    return SideLane(
        number=at,
        when=event_name(each.event),
        only=condition_words(each.condition, drawn.currency),
        lane=_lane(whenever_lane(at), "", each.route, drawn),
    )


def _lane(name: str, label: str, route: Sequence[Step], drawn: _Drawn, *, is_rest: bool = False) -> Lane:
    blocks = [_block(step, drawn) for step in route]
    leads_on = not blocks or blocks[-1].leads_on
    return Lane(name=name, label=label, blocks=blocks, is_rest=is_rest, leads_on=leads_on)


def _block(step: Step, drawn: _Drawn) -> Block:
    look = LOOKS[step.kind]
    paths = [_path(step, at, branch, drawn) for at, branch in enumerate(step.branches)]
    return Block(
        key=step.key,
        kind=step.kind.value,
        family=look.family,
        icon=look.icon,
        kind_name=str(look.name),
        name=step_name(step),
        says=step_words(step, drawn.names, drawn.language),
        aside=step_aside(step),
        problems=drawn.problems[step.key],
        paths=paths,
        leads_on=step.kind not in _LEAVING and (not paths or any(path.leads_on for path in paths)),
    )


def _path(step: Step, at: int, branch: Branch, drawn: _Drawn) -> Lane:
    return _lane(
        branch_lane(step.key, at),
        branch_words(step, branch, drawn.currency),
        branch.route,
        drawn,
        is_rest=branch.outcome in (TIMED_OUT, OTHERWISE),
    )
