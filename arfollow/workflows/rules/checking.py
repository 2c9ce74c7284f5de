"""Whether a definition can be published: what is missing or cannot work, said at the step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from arfollow.values.refusals import N_, Remark
from arfollow.workflows.rules.conditions import Condition, facts_of
from arfollow.workflows.rules.definition import (
    BRANCHING,
    MOVES,
    OTHERWISE,
    TIMED_OUT,
    Branch,
    Definition,
    Kind,
    Step,
    all_steps,
)
from arfollow.workflows.rules.facts import DAYS_TO, is_known
from arfollow.workflows.rules.settings import (
    Setting,
    Type,
    is_mail_address,
    problems_of,
    steps_meant,
)
from arfollow.workflows.rules.triggers import TRIGGERS, TriggerKind, is_day_of_customer

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
    # An amount, or until a day as in `wait_until`.
    Kind.WAIT_FOR: (
        replace(_SPAN[0], required=False),
        *_SPAN[1:],
        Setting(name="field", type=Type.FACT, required=False),
        Setting(name="days", type=Type.NUMBER, required=False, least=-3650),
        Setting(name="of", type=Type.STEP, required=False),
    ),
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
        *_facts(definition),
        *_ways_out(definition),
    ]


def _about_itself(definition: Definition) -> Iterator[Problem]:
    if not definition.name.strip():
        yield Problem(step="", words=Remark(N_("Give the workflow a name.")))
    spec = TRIGGERS.get(definition.trigger.kind)
    if spec is None:
        yield Problem(step="", words=Remark(N_("Say what enrols a customer.")))
    else:
        for words in problems_of(spec, definition.trigger.settings):
            yield Problem(step="", words=Remark(N_("What enrols a customer: %(words)s"), words=words))
        yield from _about_day(definition)
    if not any(step.acts for step in definition.steps()):
        yield Problem(
            step="", words=Remark(N_("The workflow does nothing yet: add a step that does something."))
        )
    for key, count in Counter(step.key for step in definition.steps()).items():
        if count > 1:
            yield Problem(step=key, words=Remark(N_("Two steps have the same key.")))


def _about_day(definition: Definition) -> Iterator[Problem]:
    field = str(definition.trigger.settings.get("field", ""))
    if definition.trigger.kind == TriggerKind.DATE and field and not is_day_of_customer(field):
        words = N_(
            "What enrols a customer: “%(field)s” is no day of the customer, such as field.lease_start."
        )
        yield Problem(step="", words=Remark(words, field=field))


def _about(step: Step, definition: Definition, acting: Specs) -> Iterator[Problem]:
    spec = MOVING[step.kind] if step.kind in MOVES else acting.get(step.kind, ())
    for words in problems_of(spec, step.settings):
        yield Problem(step=step.key, words=words)
    keys = {each.key for each in definition.steps()}
    for setting in spec:
        meant = steps_meant(step.settings.get(setting.name)) if setting.type is Type.STEP else ()
        for wanted in meant:
            if wanted not in keys:
                yield Problem(
                    step=step.key, words=Remark(N_("There is no step “%(step)s” to refer to."), step=wanted)
                )
    for words in _about_settings(step):
        yield Problem(step=step.key, words=words)
    if step.kind in BRANCHING:
        for words in _about_branches(step.kind, step.branches):
            yield Problem(step=step.key, words=words)
    elif step.branches:
        yield Problem(step=step.key, words=Remark(N_("Only a wait for an event or a branch has paths.")))


def _about_settings(step: Step) -> Iterator[str]:
    """What several settings have to say together."""
    given = step.settings
    if step.kind is Kind.WAIT_FOR and ("amount" in given) is ("field" in given):
        yield Remark(N_("Say how long it waits: an amount, or up to a day."))
    if found := about_person(step):
        yield found


def about_person(step: Step) -> Remark | None:
    """What is wrong with the person whom a step names; a to-do may be nobody's in particular, a notice reaches somebody."""
    person = str(step.settings.get("person", "")).strip()
    if step.settings.get("who") != "person":
        # Whoever gives an address believes that it is written to.
        words = N_(
            "An address is given, but it is for somebody else: choose the person named, or clear the address."
        )
        return Remark(words) if person else None
    if not person:
        return Remark(N_("Say who the person is."))
    if step.kind is Kind.NOTIFY and not is_mail_address(person):
        return Remark(N_("“%(person)s” is no e-mail address: nobody would be told."), person=person)
    return None


def _about_branches(kind: Kind, branches: Sequence[Branch]) -> Iterator[str]:
    outcomes = [branch.outcome for branch in branches]
    last = TIMED_OUT if kind is Kind.WAIT_FOR else OTHERWISE
    if len(set(outcomes)) < len(outcomes):
        yield Remark(N_("Two paths are for the same case."))
    if last not in outcomes:
        yield (
            Remark(N_("Say what happens when nothing comes."))
            if kind is Kind.WAIT_FOR
            else Remark(N_("Say what happens otherwise."))
        )
    if not set(outcomes) - {last}:
        yield (
            Remark(N_("Say what is waited for."))
            if kind is Kind.WAIT_FOR
            else Remark(N_("Add a path with a condition."))
        )
    if kind is Kind.BRANCH and any(each.condition is None for each in branches if each.outcome != last):
        yield Remark(N_("A path has no condition."))


def _never_reached(definition: Definition) -> Iterator[Problem]:
    for route in definition.routes():
        yield from _after_an_end(route)


def _after_an_end(route: Sequence[Step]) -> Iterator[Problem]:
    ended = False
    for step in route:
        if ended:
            yield Problem(
                step=step.key, words=Remark(N_("Nobody gets here: the step before leads elsewhere."))
            )
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
            yield Problem(step=step.key, words=Remark(N_("This leads back without a wait between: add one.")))


def _facts(definition: Definition) -> Iterator[Problem]:
    """Facts that there are not, or that nobody would notice. Paths of waits ask what their event tells: any name."""
    yield from _unknown("", definition.only)
    yield from _unknown("", definition.goal)
    if any(name.startswith(DAYS_TO) for name in facts_of(definition.goal)):
        yield Problem(step="", words=Remark(N_("The goal cannot look at how far away a day is.")))
    for step in definition.steps():
        for branch in step.branches:
            yield from _unknown(step.key, branch.condition, told=step.kind is Kind.WAIT_FOR)
    for each in definition.whenever:
        yield from _unknown("", each.condition, told=True)


def _unknown(key: str, condition: Condition | None, *, told: bool = False) -> Iterator[Problem]:
    """`told`: the names are those that an event tells, which may be any."""
    for name in sorted(facts_of(condition)):
        if not name:
            yield Problem(step=key, words=Remark(N_("Choose what the condition looks at.")))
        elif not told and not is_known(name):
            yield Problem(step=key, words=Remark(N_("There is no fact “%(fact)s”."), fact=name))


def _ways_out(definition: Definition) -> Iterator[Problem]:
    """A route is left by its end only; one that an event starts runs once for it."""
    for at, route in enumerate(definition.routes()):
        steps = list(all_steps(route))
        keys = {step.key: place for place, step in enumerate(steps)}
        for place, step in enumerate(steps):
            target = str(step.settings.get("step", "")) if step.kind is Kind.GO_TO else step.key
            if target not in keys and any(target == each.key for each in definition.steps()):
                yield Problem(
                    step=step.key, words=Remark(N_("“%(step)s” is not in this route."), step=target)
                )
            elif at and (step.kind is Kind.RESTART or keys.get(target, place) < place):
                yield Problem(
                    step=step.key, words=Remark(N_("A route that an event starts leads forward only."))
                )
