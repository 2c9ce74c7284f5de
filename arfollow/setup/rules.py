"""Rules of the first run: which of its five steps are done, and which comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """The steps, in order."""

    COMPANY = "company"
    MAIL = "mail"
    IMPORT = "import"
    PLAN = "plan"
    TEAM = "team"


class Missing(StrEnum):
    """What a company needs before its first letter."""

    ADDRESS = "address"
    SENDER = "sender"
    BANK = "bank"


class State(StrEnum):
    """How a step stands."""

    DONE = "done"
    SKIPPED = "skipped"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a company. `mail_works`: a message has been accepted by the mail server that is set now.

    `plan_is_chosen`: somebody looked at the plan and said so, or customers have been followed by it. `people`: who can sign in.
    """

    missing: tuple[Missing, ...]
    mail_works: bool
    has_customers: bool
    plan_is_chosen: bool
    people: int
    skipped: frozenset[Step] = frozenset()
    is_dismissed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the first run has come. `missing`: what the first step still lacks."""

    states: tuple[tuple[Step, State], ...]
    missing: tuple[Missing, ...]
    is_dismissed: bool

    def state_of(self, step: Step) -> State:
        """How the step stands."""
        return dict(self.states)[step]

    @property
    def done(self) -> int:
        """How many steps are done; one that was skipped is not."""
        return sum(state is State.DONE for _, state in self.states)

    @property
    def open_steps(self) -> Sequence[Step]:
        """The steps that are neither done nor skipped, in order."""
        return [step for step, state in self.states if state is State.OPEN]

    @property
    def next_step(self) -> Step | None:
        """The first open step; None: nothing is left."""
        return next(iter(self.open_steps), None)

    @property
    def is_over(self) -> bool:
        """Whether nobody needs to be reminded of it any more."""
        return self.is_dismissed or not self.open_steps

    @property
    def leads(self) -> bool:
        """Whether an administrator who signs in is led there: as long as the list would be empty."""
        return not self.is_over and self.state_of(Step.IMPORT) is State.OPEN


def progress(facts: Facts) -> Progress:
    """How the steps stand by these facts. What is done is done, skipped or not."""
    is_done = {
        Step.COMPANY: not facts.missing,
        Step.MAIL: facts.mail_works,
        Step.IMPORT: facts.has_customers,
        Step.PLAN: facts.plan_is_chosen,
        Step.TEAM: facts.people > 1,
    }
    return Progress(
        states=tuple((step, _state(step, facts, is_done=is_done[step])) for step in Step),
        missing=facts.missing,
        is_dismissed=facts.is_dismissed,
    )


def step_after(step: Step) -> Step | None:
    """The step that follows in order; None after the last."""
    steps = list(Step)
    return next(iter(steps[steps.index(step) + 1 :]), None)


def _state(step: Step, facts: Facts, *, is_done: bool) -> State:
    if is_done:
        return State.DONE
    return State.SKIPPED if step in facts.skipped else State.OPEN
