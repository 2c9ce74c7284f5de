"""Pure rules of a bulk run: what each chosen customer gets, and why one gets nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from arfollow.levels.rules.facts import Decision, Facts, level_terms
from arfollow.levels.rules.steps import LevelTerms
from arfollow.levels.rules.surfacing import decide
from arfollow.receivables.rules.accounts import holds_on
from arfollow.statements.rules import statement

LARGEST = 5000
"""Customers that one run takes at most."""

SENDS = ("email", "letter")
"""The actions that a run does; all others stay for a person."""

TASK = "task"


class RunState(StrEnum):
    """Where a run stands. `PREPARED`: its preflight is shown, and nobody has said go."""

    PREPARED = "prepared"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class RowState(StrEnum):
    """Where one customer of a run stands."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class Why(StrEnum):
    """Why a customer gets nothing. The last two are failures, the others say that there is nothing to be done by a run."""

    UNDELIVERED = "undelivered"
    WRITTEN = "written"
    OPENED = "opened"
    HELD = "held"
    NOT_LISTED = "not_listed"
    COVERED = "covered"
    NO_ADDRESS = "no_address"
    NO_SENDER = "no_sender"
    NOTHING_TO_CLAIM = "nothing_to_claim"
    BY_HAND = "by_hand"
    UNDECIDED = "undecided"
    NOTHING_LEFT = "nothing_left"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    WORDING = "wording"
    BROKEN = "broken"


FAILURES = frozenset({Why.WORDING, Why.BROKEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """All that decides what a run does with a customer.

    `recorded`: what was done in the open follow-up; `taken_back`: what was done there and is not good any more, such as an
    e-mail that was cancelled. `written_to`: by a money message today, or by one that is still on its way.
    `is_open_elsewhere`: a colleague has its page open.
    """

    facts: Facts
    has_email: bool
    has_street: bool
    has_sender: bool
    recorded: frozenset[str] = frozenset()
    taken_back: frozenset[str] = frozenset()
    written_to: bool = False
    is_open_elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a customer gets. `remains`: what stays for a person; `claimed`: minor units by currency, empty when nothing is sent.

    Nothing in `sends` and no `why`: everything is recorded, and only Done is missing.
    """

    level_id: int | None
    sends: tuple[str, ...] = ()
    remains: tuple[str, ...] = ()
    why: Why | None = None
    claimed: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_all(self) -> bool:
        """Whether nothing is left once this is done, so that it may be marked Done."""
        return self.why is None and not self.remains


def plan(prospect: Prospect, day: date) -> Planned:
    """What a run does with the customer on the day."""
    decision = decide(prospect.facts, day)
    level = level_terms(prospect.facts, decision)
    level_id = level.id if level else None
    obstacle = _obstacle(prospect, decision, day)
    if obstacle is not None:
        return Planned(level_id=level_id, why=obstacle)
    open_actions = tuple(each for each in decision.actions if each not in prospect.recorded)
    sends = tuple(each for each in open_actions if _is_possible(prospect, each))
    left = tuple(each for each in open_actions if each not in sends) + ((TASK,) if decision.task else ())
    if not sends:
        return Planned(level_id=level_id, remains=left, why=_why_nothing(prospect, decision, left))
    owed = statement(prospect.facts.account, references={})
    if not owed.claimed and not (owed.coming and _is_courtesy(decision, level, day)):
        return Planned(level_id=level_id, remains=left, why=Why.NOTHING_TO_CLAIM)
    return Planned(level_id=level_id, sends=sends, remains=left, claimed=owed.claimed)


def _obstacle(prospect: Prospect, decision: Decision, day: date) -> Why | None:
    """What keeps a run's hands off the customer, whatever its level asks for; the first that holds."""
    obstacles = {
        Why.UNDELIVERED: decision.undelivered,
        Why.WRITTEN: prospect.written_to,
        Why.OPENED: prospect.is_open_elsewhere,
        Why.HELD: holds_on(prospect.facts.account.hold_until, day),
        Why.NOT_LISTED: not decision.listed,
        Why.COVERED: decision.covered,
    }
    return next((why for why, holds in obstacles.items() if holds), None)


def _is_possible(prospect: Prospect, action: str) -> bool:
    """Whether the run can do it; what was taken back has to be decided by a person."""
    reachable = {"email": prospect.has_email and prospect.has_sender, "letter": prospect.has_street}
    return reachable.get(action, False) and action not in prospect.taken_back


def _why_nothing(prospect: Prospect, decision: Decision, left: tuple[str, ...]) -> Why | None:
    """Why nothing is sent to a customer without an obstacle; None: all of it is recorded."""
    unsent = [each for each in left if each in SENDS and each not in prospect.taken_back]
    if unsent:
        is_ours = unsent == ["email"] and prospect.has_email
        return Why.NO_SENDER if is_ours else Why.NO_ADDRESS
    if left:
        return Why.BY_HAND
    return None if decision.actions else Why.UNDECIDED


def _is_courtesy(decision: Decision, level: LevelTerms | None, day: date) -> bool:
    """Whether the level may tell what is going to be due: one of days up to 0, or due for an item that is not overdue."""
    if level is None:
        return False
    due = (step.chased.item for step in decision.steps if step.to == decision.level)
    return level.days <= 0 or any(not item.overdue(day) for item in due)
