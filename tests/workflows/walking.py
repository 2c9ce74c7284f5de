"""Walking a route on a simulated clock, as the worker does, and building routes shortly."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from arfollow.workflows.rules.definition import Branch, Definition, Kind, Step, Trigger
from arfollow.workflows.rules.engine import Route
from arfollow.workflows.rules.playing import play
from arfollow.workflows.rules.waits import Place

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
BERLIN = Place(timezone="UTC", country="DE")
FOREVER = START + timedelta(days=5000)


def step(key, kind=Kind.EMAIL, *branches, **settings):
    return Step(key=key, kind=Kind(kind), settings=settings, branches=branches)


def wait(key, amount=1, **settings):
    return step(key, Kind.WAIT, amount=amount, **settings)


def branch(outcome, *route, condition=None):
    return Branch(outcome=outcome, route=route, condition=condition)


def definition(*route, goal=None):
    return Definition(name="Test", trigger=Trigger(kind="by_hand"), route=route, goal=goal)


@dataclass
class Walk:
    """What was done, when, and how it ended; empty: it still waits."""

    acts: list
    ended: str

    @property
    def days(self):
        return [(key, (at - START).days) for key, _round, at in self.acts]


def walk(made, *, events=(), facts_at=lambda _now: {}, until=FOREVER):
    """Walk until the end, or until that instant; events happen at their times."""
    played = play(Route(made), begun=START, until=until, place=BERLIN, facts_at=facts_at, events=events)
    return Walk(
        acts=[(each.step.key, each.round, each.at) for each in played.steps],
        ended="" if played.ended == "waiting" else played.ended,
    )
