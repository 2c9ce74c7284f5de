"""Playing a workflow that comes along: what happens to the customer, and on which days what is done about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from arfollow.workflows.examples import example
from arfollow.workflows.rules.conditions import holds
from arfollow.workflows.rules.facts import Event, all_facts
from arfollow.workflows.rules.playing import play_whole
from arfollow.workflows.rules.waits import Place

BERLIN = Place(timezone="Europe/Berlin", country="DE")
ENTERED = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""A Friday, ten o'clock in Berlin."""
TODAY = ENTERED.date()
FOR_GOOD = 1500


def on(days, kind, of="", **told):
    """An event so many days after the customer entered, an hour later in the day."""
    return Event(kind=kind, at=ENTERED + timedelta(days=days, hours=1), of=of, facts=told)


def by(kind, **told):
    """The event that enrolled the customer."""
    return Event(kind=kind, at=ENTERED - timedelta(minutes=1), facts=told)


def day(days) -> date:
    """The day so many days after the customer entered."""
    return TODAY + timedelta(days=days)


@dataclass(frozen=True)
class Case:
    """What happens: `facts` from the beginning, `later` from a day on; and what is done: keys of steps with their days.

    `until`: the day on which the clock stops.
    """

    done: Sequence[tuple[str, int]]
    ended: str = "end"
    events: Sequence[Event] = ()
    facts: Mapping = field(default_factory=dict)
    later: Mapping = field(default_factory=dict)
    until: int = FOR_GOOD


def played(name, case, *, key=""):
    """The play of the case."""

    def facts_at(now):
        facts = dict(case.facts)
        for days, changed in case.later.items():
            if now >= ENTERED + timedelta(days=days):
                facts |= changed
        return facts

    return play_whole(
        example(name).definition,
        begun=ENTERED,
        until=ENTERED + timedelta(days=case.until, hours=6),
        place=BERLIN,
        facts_at=facts_at,
        events=case.events,
        key=key,
    )


def outcome(name, case, *, key=""):
    """What was done with the days from the start, and how it ended."""
    play = played(name, case, key=key)
    zone = ZoneInfo(BERLIN.timezone)
    done = [(each.step.key, (each.at.astimezone(zone).date() - TODAY).days) for each in play.steps]
    return done, play.ended


def enters(name, facts, *events):
    """Whether such a customer may enter."""
    known = all_facts(facts, events=events, now=ENTERED, place=BERLIN)
    return holds(example(name).definition.only, known)
