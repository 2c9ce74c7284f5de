"""Waits for an answer to what was never sent: nothing can come any more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from arfollow.workflows.rules.definition import MESSAGES, TIMED_OUT, Kind, Laid, Step
from arfollow.workflows.rules.settings import steps_meant

_REACTIONS = frozenset({"opened", "clicked", "confirmed", "replied", "survey_answered"})
"""What comes of a message only, of whatever step it is."""

_BRINGING = MESSAGES | {Kind.ACTIVITY, Kind.HAND_OVER}
"""After these a customer may react."""

Places = Mapping[str, Laid]


def never_sent(
    wait: Step, places: Places, *, first: str | None, sent: Collection[str], unsent: Collection[str]
) -> tuple[str, ...]:
    """The messages of the route that the wait is about, where none was sent; empty: something may come.

    Empty, too, where to be over at once would lead in a circle without any time between. `first`: the route's first step.
    """
    of = _about(wait, places)
    found = () if any(key in sent for key in of) else tuple(key for key in of if key in unsent)
    if found and _leads_back(wait.key, places, first):
        return ()
    return found


def _about(wait: Step, places: Places) -> tuple[str, ...]:
    """A wait that names no message, but waits for reactions only, is about all of the round, and about what a colleague did."""
    of = steps_meant(wait.settings.get("of"))
    if of or not {branch.outcome for branch in wait.branches} - {TIMED_OUT} <= _REACTIONS:
        return of
    return tuple(key for key, place in places.items() if place.step.kind in _BRINGING)


def _leads_back(wait: str, places: Places, first: str | None) -> bool:
    seen: set[str] = set()
    ahead = [places[wait].outcomes.get(TIMED_OUT, places[wait].next)]
    while ahead:
        key = ahead.pop()
        if key == wait:
            return True
        if key is not None and key in places and key not in seen:
            seen.add(key)
            ahead.extend(_at_once(places[key], first))
    return False


def _at_once(place: Laid, first: str | None) -> Sequence[str | None]:
    """The steps that may follow without any time between; a day that is waited for may be past."""
    match place.step.kind:
        case Kind.GO_TO:
            return [str(place.step.settings["step"])]
        case Kind.RESTART:
            return [first]
        case Kind.WAIT | Kind.END:
            return []
    return [place.next, *place.outcomes.values()]
