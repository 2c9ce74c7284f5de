"""Walking a route on a simulated clock, as the worker does, and building routes shortly."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from arfollow.workflows.rules.definition import Branch, Definition, Kind, Step, Trigger
from arfollow.workflows.rules.engine import Act, Known, Leave, Rest, Route
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
    """What was done, when, and how it ended."""

    acts: list = field(default_factory=list)
    ended: str = ""

    @property
    def days(self):
        return [(key, (at - START).days) for key, _round, at in self.acts]


def walk(made, *, events=(), facts_at=lambda _now: {}, until=FOREVER, most=500):
    """Walk until the end, or until that instant; events happen at their times."""
    route, walked = Route(made), Walk()
    position, now = route.begin(START), START
    for _ in range(most):
        past = [event for event in events if event.at <= now]
        decision = route.decide(position, Known(facts=facts_at(now), events=past, place=BERLIN), now=now)
        match decision:
            case Leave(reason=reason):
                walked.ended = reason
                return walked
            case Act():
                walked.acts.append((decision.step.key, decision.round, now))
                position = decision.after
            case Rest():
                position = decision.at
                ahead = [event.at for event in events if event.at > now]
                assert decision.until is None or decision.until > now
                wakes = [at for at in (decision.until, *ahead[:1]) if at is not None]
                if not wakes or min(wakes) > until:
                    return walked
                now = min(wakes)
    return walked
