"""What decides about one customer, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from arfollow.levels.rules.steps import LevelTerms, Place, PlanTerms
from arfollow.receivables.rules.accounts import Account, Chased


class Reason(StrEnum):
    """Why a customer is on the list; the first that holds, in this order."""

    PROMISE = "promise"
    MANUAL = "manual"
    LEVEL = "level"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A follow-up with an action recorded that is not Done: what was frozen then stands until Done.

    `level`: the index of its level, None where none was reached; `places`: where Done puts its items, by item id;
    `deadline_days`: those of its level.
    """

    level: int | None
    places: Mapping[int, Place] = field(default_factory=dict)
    deadline_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where follow-up stands with a customer.

    `last_message_on`: the day of the last money message of a follow-up, `other_message_on`: of anything else; `places` by item id;
    `task_on`: the date of the earliest open task; `begun`: the open follow-up, if there is one;
    `undelivered`: a message failed or is uncertain and nobody has decided yet, which keeps it from escalating.
    """

    snoozed_until: date | None = None
    snoozed_on: date | None = None
    manual_on: date | None = None
    last_done_on: date | None = None
    last_deadline_days: int = 0
    last_message_on: date | None = None
    other_message_on: date | None = None
    task_on: date | None = None
    begun: Begun | None = None
    undelivered: bool = False
    places: Mapping[int, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that decides about one customer; `plan` None: no follow-up."""

    account: Account
    plan: PlanTerms | None
    standing: Standing
    tolerances: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A due item and the level that it goes to (`was`: the one it was followed at, None: never)."""

    chased: Chased
    was: int | None
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer for one customer and day. `level` is an index into the plan; `steps` come oldest due first.

    Of a follow-up that was begun, `level` and `actions` are the frozen ones. `covered`: a reason would hold, but unapplied credit covers the money (the band "apply cash").
    `hidden`: it is snoozed. `peace_until`: a level is due, but the customer is left in peace until that day.
    `below_minimum`: a level is due and may be, but too little is owed for it.
    """

    reason: Reason | None
    steps: tuple[Step, ...]
    level: int | None
    actions: tuple[str, ...]
    covered: bool = False
    task: bool = False
    started: bool = False
    undelivered: bool = False
    hidden: bool = False
    peace_until: date | None = None
    below_minimum: bool = False

    @property
    def listed(self) -> bool:
        """Whether the customer needs action."""
        unfinished = (self.started or self.undelivered) and not self.hidden
        return self.reason is not None or self.covered or self.task or unfinished


def level_terms(facts: Facts, decision: Decision) -> LevelTerms | None:
    """The customer's level; its wording and actions are used."""
    return None if facts.plan is None or decision.level is None else facts.plan.levels[decision.level]
