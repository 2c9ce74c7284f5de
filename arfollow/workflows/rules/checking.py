"""Whether a definition can be published: what is missing or cannot work, said at the step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from arfollow.workflows.rules.definition import (
    BRANCHING,
    MOVES,
    OTHERWISE,
    TIMED_OUT,
    Branch,
    Definition,
    Kind,
    Step,
)
from arfollow.workflows.rules.settings import Setting, Type, problems_of
from arfollow.workflows.rules.triggers import TRIGGERS

_SPAN = (
    Setting(name="amount", type=Type.NUMBER),
    Setting(name="unit", type=Type.UNIT, required=False),
    Setting(name="at", type=Type.TIME, required=False),
    Setting(name="only_working_days", type=Type.FLAG, required=False),
)
MOVING: Mapping[Kind, Sequence[Setting]] = {
    Kind.WAIT: _SPAN,
    Kind.WAIT_UNTIL: (
        Setting(name="field", type=Type.FACT),
        Setting(name="days", type=Type.NUMBER, required=False, least=-3650),
        Setting(name="at", type=Type.TIME, required=False),
    ),
    Kind.WAIT_FOR: (*_SPAN, Setting(name="of", type=Type.STEP, required=False)),
    Kind.BRANCH: (),
    Kind.GO_TO: (Setting(name="step", type=Type.STEP),),
    Kind.RESTART: (),
    Kind.END: (),
}
"""The settings of the steps that only move along the route."""

Specs = Mapping[Kind, Sequence[Setting]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, as a sentence. `step`: the key of the step; empty: it is about the workflow itself."""

    step: str
    words: str


def problems(definition: Definition, *, acting: Specs) -> Sequence[Problem]:
    """All that keeps the definition from being published; `acting`: the settings of the steps that do something."""
    return [
        *_about_itself(definition),
        *(problem for step in definition.steps() for problem in _about(step, definition, acting)),
        *_never_reached(definition),
        *_circles(definition),
    ]


def _about_itself(definition: Definition) -> Iterator[Problem]:
    if not definition.name.strip():
        yield Problem(step="", words="Give the workflow a name.")
    spec = TRIGGERS.get(definition.trigger.kind)
    if spec is None:
        yield Problem(step="", words="Say what enrols a customer.")
    else:
        for words in problems_of(spec, definition.trigger.settings):
            yield Problem(step="", words=f"What enrols a customer: {words}")
    if not any(step.acts for step in definition.steps()):
        yield Problem(step="", words="The workflow does nothing yet: add a step that does something.")
    for key, count in Counter(step.key for step in definition.steps()).items():
        if count > 1:
            yield Problem(step=key, words="Two steps have the same key.")


def _about(step: Step, definition: Definition, acting: Specs) -> Iterator[Problem]:
    spec = MOVING[step.kind] if step.kind in MOVES else acting.get(step.kind, ())
    for words in problems_of(spec, step.settings):
        yield Problem(step=step.key, words=words)
    keys = {each.key for each in definition.steps()}
    for setting in spec:
        wanted = step.settings.get(setting.name)
        if setting.type is Type.STEP and wanted and wanted not in keys:
            yield Problem(step=step.key, words=f"There is no step “{wanted}” to refer to.")
    if step.kind in BRANCHING:
        for words in _about_branches(step.kind, step.branches):
            yield Problem(step=step.key, words=words)
    elif step.branches:
        yield Problem(step=step.key, words="Only a wait for an event or a branch has paths.")


def _about_branches(kind: Kind, branches: Sequence[Branch]) -> Iterator[str]:
    outcomes = [branch.outcome for branch in branches]
    last = TIMED_OUT if kind is Kind.WAIT_FOR else OTHERWISE
    if len(set(outcomes)) < len(outcomes):
        yield "Two paths are for the same case."
    if last not in outcomes:
        yield (
            "Say what happens when nothing comes." if kind is Kind.WAIT_FOR else "Say what happens otherwise."
        )
    if not set(outcomes) - {last}:
        yield "Say what is waited for." if kind is Kind.WAIT_FOR else "Add a path with a condition."
    if kind is Kind.BRANCH and any(each.condition is None for each in branches if each.outcome != last):
        yield "A path has no condition."


def _never_reached(definition: Definition) -> Iterator[Problem]:
    for route in definition.routes():
        yield from _after_an_end(route)


def _after_an_end(route: Sequence[Step]) -> Iterator[Problem]:
    ended = False
    for step in route:
        if ended:
            yield Problem(step=step.key, words="Nobody gets here: the step before leads elsewhere.")
            return
        for branch in step.branches:
            yield from _after_an_end(branch.route)
        ended = _leads_elsewhere(step)


def _leads_elsewhere(step: Step) -> bool:
    if step.kind in (Kind.GO_TO, Kind.RESTART, Kind.END):
        return True
    return bool(step.branches) and all(
        branch.route and _leads_elsewhere(branch.route[-1]) for branch in step.branches
    )


def _circles(definition: Definition) -> Iterator[Problem]:
    """Ways back between which nobody waits would go on without end in a moment."""
    steps = list(definition.steps())
    places = {step.key: at for at, step in enumerate(steps)}
    for at, step in enumerate(steps):
        target = 0 if step.kind is Kind.RESTART else places.get(str(step.settings.get("step", "")), at + 1)
        is_back = step.kind in (Kind.RESTART, Kind.GO_TO) and target <= at
        if is_back and not any(each.kind in (Kind.WAIT, Kind.WAIT_FOR) for each in steps[target:at]):
            yield Problem(step=step.key, words="This leads back without a wait between: add one.")
