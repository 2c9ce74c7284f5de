"""What a workflow is: a trigger, a route of steps with branches, a goal that ends it, and who may enter again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from arfollow.workflows.rules.conditions import Condition

Settings = Mapping[str, Any]
NOTHING: Settings = {}


class Kind(StrEnum):
    """What a step does. Those that move along the route are known to the engine; the others are files in `steps/`."""

    WAIT = "wait"
    WAIT_UNTIL = "wait_until"
    WAIT_FOR = "wait_for"
    BRANCH = "branch"
    GO_TO = "go_to"
    RESTART = "restart"
    END = "end"
    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    SURVEY = "survey"
    NOTIFY = "notify"
    ACTIVITY = "activity"
    ADD_TO_LIST = "add_to_list"
    REMOVE_FROM_LIST = "remove_from_list"
    SET_FIELD = "set_field"
    HAND_OVER = "hand_over"
    WEBHOOK = "webhook"
    START_WORKFLOW = "start_workflow"


MOVES = frozenset(
    {Kind.WAIT, Kind.WAIT_UNTIL, Kind.WAIT_FOR, Kind.BRANCH, Kind.GO_TO, Kind.RESTART, Kind.END}
)
"""Steps that only move along the route; every other one does something, once in a round."""

MESSAGES = frozenset({Kind.EMAIL, Kind.SMS, Kind.LETTER, Kind.SURVEY})
"""Steps that a customer can react to."""

BRANCHING = frozenset({Kind.WAIT_FOR, Kind.BRANCH})
TIMED_OUT = "timeout"
OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A path of a branching step. `outcome`: what leads to it; `label`: what the drawing says beside it.

    Of a wait: the event that came, or TIMED_OUT. Of a branch: `condition` decides, the first that holds; OTHERWISE has none.
    """

    outcome: str
    route: tuple[Step, ...] = ()
    label: str = ""
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `key` names it for good, in every version; `settings` depend on its kind."""

    key: str
    kind: Kind
    name: str = ""
    settings: Settings = field(default_factory=dict)
    branches: tuple[Branch, ...] = ()

    @property
    def acts(self) -> bool:
        """Whether it does something, besides moving along the route."""
        return self.kind not in MOVES


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What enrols a customer; `kind` is one of `triggers.TRIGGERS`."""

    kind: str
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whenever:
    """A route of its own that each such event starts, while the customer is enrolled."""

    event: str
    route: tuple[Step, ...]
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A workflow. `only`: who may enter; `goal`: who leaves at once; `again_after_days`: None: nobody enters twice.

    `values`: what its words say about the company, such as a coupon's code, by name; a campaign may have its own.
    """

    name: str
    trigger: Trigger
    route: tuple[Step, ...]
    about: str = ""
    only: Condition | None = None
    goal: Condition | None = None
    whenever: tuple[Whenever, ...] = ()
    again_after_days: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    def routes(self) -> Iterator[tuple[Step, ...]]:
        """The main route, then those that events start."""
        yield self.route
        for each in self.whenever:
            yield each.route

    def steps(self) -> Iterator[Step]:
        """Every step, those of branches after the step that branches."""
        for route in self.routes():
            yield from all_steps(route)


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a step of a route leads: the step after it, and of each outcome; None: the end."""

    step: Step
    next: str | None
    outcomes: Mapping[str, str | None]


def all_steps(route: tuple[Step, ...]) -> Iterator[Step]:
    """Every step of a route, in the order in which it is drawn."""
    for step in route:
        yield step
        for branch in step.branches:
            yield from all_steps(branch.route)
