"""The form of a step: its name, its settings and its paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from arfollow.web.refusals import said
from arfollow.workflows.forms.conditions import (
    GroupForm,
    condition_form,
    entered_condition,
    with_row,
    without,
)
from arfollow.workflows.forms.facts import Offered, told_by
from arfollow.workflows.forms.settings import (
    Around,
    Posted,
    SettingField,
    asking_steps,
    entered_settings,
    events_offered,
    fields_of,
)
from arfollow.workflows.queries.choices import Choices
from arfollow.workflows.rules.acting import ACTING
from arfollow.workflows.rules.checking import MOVING, about_person
from arfollow.workflows.rules.conditions import Operator, Test
from arfollow.workflows.rules.definition import (
    BRANCHING,
    MOVES,
    OTHERWISE,
    TIMED_OUT,
    Branch,
    Definition,
    Kind,
    Settings,
    Step,
    all_steps,
)
from arfollow.workflows.rules.editing import new_key
from arfollow.workflows.rules.settings import Setting
from arfollow.workflows.words.sentences import step_name

_LONGEST_NAME = 120
_MOST_BRANCHES = 12
NO_CONDITION = Test(fact="", operator=Operator.KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchForm:
    """A path. `events`: what may lead to it; empty: a condition does, or it is the last. `steps`: how many it has."""

    number: int
    label: str
    outcome: str
    events: Sequence[Offered]
    condition: GroupForm | None
    is_last: bool
    steps: int

    @property
    def name(self) -> str:
        """What its fields begin with."""
        return f"b.{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepForm:
    """A step as a form."""

    step: Step
    fields: Sequence[SettingField]
    branches: Sequence[BranchForm]

    @property
    def branches_by_event(self) -> bool:
        """Whether it waits for events."""
        return self.step.kind is Kind.WAIT_FOR


def spec_of(kind: Kind) -> Sequence[Setting]:
    """The settings of a kind of step."""
    return MOVING[kind] if kind in MOVES else ACTING[kind]


def step_form(
    step: Step, definition: Definition, choices: Choices, errors: Mapping[str, str] | None = None
) -> StepForm:
    """The form of a step of the definition."""
    others = {each.key: step_name(each) for each in definition.steps() if each.key != step.key}
    around = Around(choices=choices, kind=step.kind, steps=others, asking=asking_steps(definition.steps()))
    return StepForm(
        step=step,
        fields=fields_of(spec_of(step.kind), step.settings, around, {**_remarks(step), **(errors or {})}),
        branches=[_branch_form(step, at, branch, choices) for at, branch in enumerate(step.branches)],
    )


def _remarks(step: Step) -> dict[str, str]:
    """What is said at a field though it can be saved so; a missing name is said once all is filled in."""
    found = about_person(step) if step.settings.get("person") else None
    return {"person": said(found)} if found else {}


def entered_step(step: Step, posted: Posted, choices: Choices) -> tuple[Step, dict[str, str]]:
    """The step as posted, and what is wrong by setting; `do` says what else was clicked."""
    settings, errors = entered_settings(spec_of(step.kind), posted, step.settings)
    fields = _with_clicked_rows(posted)
    branches = tuple(
        _entered_branch(step.kind, at, branch, fields, choices) for at, branch in enumerate(step.branches)
    )
    name = " ".join(posted.get("name", "").split())[:_LONGEST_NAME]
    changed = replace(step, name=name, settings=settings, branches=branches)
    return _with_clicked_branches(changed, posted.get("do", "")), errors


def blank_step(kind: Kind, key: str) -> Step:
    """A new step, with what most people would choose."""
    settings: Settings = {}
    branches: tuple[Branch, ...] = ()
    if kind in (Kind.WAIT, Kind.WAIT_FOR):
        settings = {"amount": 3, "unit": "days"}
    if kind is Kind.WAIT_FOR:
        branches = (Branch(outcome="replied"), Branch(outcome=TIMED_OUT))
    if kind is Kind.BRANCH:
        branches = (
            Branch(outcome="path-1", label=str(_("Yes")), condition=NO_CONDITION),
            Branch(outcome=OTHERWISE, label=str(_("No"))),
        )
    return Step(key=key, kind=kind, settings=settings, branches=branches)


def clicked_rows(fields: Mapping[str, str], do: str) -> dict[str, str]:
    """The fields with the row or group that was added or taken away."""
    what, _colon, where = do.partition(":")
    match what:
        case "row+" | "group+":
            return with_row(fields, where, nested=what == "group+")
        case "part-" if where.rpartition(".")[2].isdecimal():
            return without(fields, where)
    return dict(fields)


def _with_clicked_rows(posted: Posted) -> dict[str, str]:
    return clicked_rows(posted.to_dict(), posted.get("do", ""))


def _with_clicked_branches(step: Step, do: str) -> Step:
    what, _colon, where = do.partition(":")
    at = int(where) if where.isdecimal() else -1
    branches = list(step.branches)
    if what == "branch+" and step.kind in BRANCHING and len(branches) < _MOST_BRANCHES:
        branches.insert(max(len(branches) - 1, 0), _new_branch(step))
    elif what == "branch-" and 0 <= at < len(branches):
        del branches[at]
    elif what == "branch^" and 0 < at < len(branches):
        branches[at - 1], branches[at] = branches[at], branches[at - 1]
    return replace(step, branches=tuple(branches))


def _new_branch(step: Step) -> Branch:
    taken = {branch.outcome for branch in step.branches}
    if step.kind is Kind.BRANCH:
        return Branch(outcome=new_key("path", taken), condition=NO_CONDITION)
    likely = ("confirmed", "survey_answered", "replied", "clicked", "payment_received")
    return Branch(outcome=next((each for each in likely if each not in taken), "opened"))


def _branch_form(step: Step, at: int, branch: Branch, choices: Choices) -> BranchForm:
    is_last = branch.outcome in (TIMED_OUT, OTHERWISE)
    waits = step.kind is Kind.WAIT_FOR
    told = told_by(branch.outcome, choices) if waits else None
    return BranchForm(
        number=at,
        label=branch.label,
        outcome=branch.outcome,
        events=events_offered(branch.outcome) if waits and not is_last else (),
        condition=None if is_last else condition_form(branch.condition, choices, name=f"b.{at}.c", told=told),
        is_last=is_last,
        steps=len(list(all_steps(branch.route))),
    )


def _entered_branch(
    kind: Kind, at: int, branch: Branch, fields: Mapping[str, str], choices: Choices
) -> Branch:
    label = " ".join(fields.get(f"b.{at}.label", "").split())[:_LONGEST_NAME]
    if branch.outcome in (TIMED_OUT, OTHERWISE):
        return replace(branch, label=label)
    condition = entered_condition(fields, choices, name=f"b.{at}.c")
    outcome = branch.outcome
    if kind is Kind.WAIT_FOR:
        outcome = "_".join(fields.get(f"b.{at}.event.new", "").casefold().split())[:40] or fields.get(
            f"b.{at}.event", outcome
        )
    return replace(branch, label=label, condition=condition, outcome=outcome or branch.outcome)
