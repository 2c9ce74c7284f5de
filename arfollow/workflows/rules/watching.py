"""What a definition looks at: facts whose change may move somebody, all that it asks, and events that it waits for."""

from __future__ import annotations

from arfollow.workflows.rules.conditions import facts_of
from arfollow.workflows.rules.definition import TIMED_OUT, Definition, Kind, Step
from arfollow.workflows.rules.facts import bases, events_of
from arfollow.workflows.rules.triggers import event_of


def watched_facts(definition: Definition) -> frozenset[str]:
    """The facts whose change may move somebody: those of the goal, of branches, and of waits for a day."""
    found = facts_of(definition.goal)
    for step in definition.steps():
        found |= watched_by(step)
        for branch in step.branches:
            found |= facts_of(branch.condition)
    return bases(found)


def asked_facts(definition: Definition) -> frozenset[str]:
    """All facts that it looks at: those that are watched, of who may enter, and of what an event begins."""
    found = watched_facts(definition) | facts_of(definition.only)
    for whenever in definition.whenever:
        found |= facts_of(whenever.condition)
    return bases(found)


def wanted_events(definition: Definition) -> frozenset[str]:
    """The kinds of events that it asks for, anywhere."""
    found = {event_of(definition.trigger)} | {each.event for each in definition.whenever}
    for step in definition.steps():
        if step.kind is Kind.WAIT_FOR:
            found |= {branch.outcome for branch in step.branches}
    return (events_of(asked_facts(definition)) | found) - {"", TIMED_OUT}


def watched_by(step: Step) -> frozenset[str]:
    """The fact whose change may move somebody who stands at the step, if there is one."""
    waits = step.kind in (Kind.WAIT_UNTIL, Kind.WAIT_FOR) and "field" in step.settings
    return frozenset({str(step.settings["field"])}) if waits else frozenset()
