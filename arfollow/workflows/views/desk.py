"""A workflow that is being looked at or edited: what its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from arfollow.access import Permission, current_scope
from arfollow.database import current_session
from arfollow.values.refusals import Remark
from arfollow.web.refusals import said
from arfollow.workflows.drawing import Drawing, draw
from arfollow.workflows.file import from_data
from arfollow.workflows.operations.drafting import can_undo, seal
from arfollow.workflows.queries.campaigns import count_campaigns
from arfollow.workflows.queries.choices import Choices, choices
from arfollow.workflows.queries.versions import latest_version
from arfollow.workflows.rules.acting import ACTING
from arfollow.workflows.rules.checking import Problem, problems
from arfollow.workflows.rules.conditions import facts_of
from arfollow.workflows.rules.definition import Definition, Kind
from arfollow.workflows.rules.doubting import NO_LIST, doubts
from arfollow.workflows.rules.editing import whenever_lane
from arfollow.workflows.rules.facts import is_known
from arfollow.workflows.rules.timeline import Row, timeline
from arfollow.workflows.variables import problems_in
from arfollow.workflows.views.blueprint import newest_or_404, workflow_or_404
from arfollow.workflows.words.conditions import condition_words
from arfollow.workflows.words.names import trigger_name
from arfollow.workflows.words.sentences import again_words, day_zero_words, step_name, trigger_words

# What a problem of the workflow itself is about, by its message; the others are about the trigger.
_ABOUT = {
    "Give the workflow a name.": "about",
    "The workflow does nothing yet: add a step that does something.": "",
    NO_LIST: "only",
    "The goal cannot look at how far away a day is.": "goal",
}
_ABOUT_FACTS = frozenset({"There is no fact “%(fact)s”.", "Choose what the condition looks at."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What keeps the workflow from being published, or is doubted. `step` or `block`: where it is mended."""

    where: str
    words: str
    step: str = ""
    block: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The blocks on top and beside: what enrols, whom, what ends it, and who enters again; in words."""

    trigger_kind: str
    trigger: str
    day_zero: str
    only: str
    goal: str
    again: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The workflow as its page shows it. `seen`: what a change has to say that it was made on; `in_force`: the version that runs.

    `surveys`: whether it asks any; `doubted`: what can be published, and yet is unlikely to be meant.
    """

    id: int
    name: str
    state: str
    number: int
    in_force: int | None
    is_draft: bool
    written_at: datetime
    written_by: str
    seen: str
    may_change: bool
    can_undo: bool
    campaigns: int
    surveys: bool
    definition: Definition
    choices: Choices
    drawing: Drawing
    head: Head
    missing: Sequence[Missing]
    doubted: Sequence[Missing]
    rows: Sequence[Row]


def desk_of(workflow_id: int) -> Desk:
    """The workflow, as its draft or its last version has it."""
    session, scope = current_session(), current_scope()
    workflow, version = workflow_or_404(workflow_id), newest_or_404(workflow_id)
    published = latest_version(session, workflow_id=workflow_id, published=True)
    definition = from_data(version.definition)
    known = choices(session, company_id=scope.company_id)
    found = problems_of(definition)
    is_draft = version.published_at is None
    return Desk(
        id=workflow.id,
        name=workflow.name,
        state=workflow.state,
        number=version.number,
        in_force=published.number if published else None,
        is_draft=is_draft,
        written_at=version.written_at,
        written_by=version.written_by,
        seen=seal(version),
        may_change=scope.may(Permission.WORKFLOWS) and workflow.state != "retired",
        can_undo=can_undo(session, version=version),
        campaigns=count_campaigns(session, workflow_id=workflow_id),
        surveys=any(step.kind is Kind.SURVEY for step in definition.steps()),
        definition=definition,
        choices=known,
        drawing=draw(definition, problems=found, language=known.language, currency=known.currency),
        head=head_of(definition, known.currency),
        missing=_missing(definition, found),
        doubted=_missing(definition, doubts(definition, lists=known.lists) if is_draft else ()),
        rows=rows_of(definition),
    )


def head_of(definition: Definition, currency: str) -> Head:
    """The trigger and what stands beside it, in words."""
    return Head(
        trigger_kind=trigger_name(definition.trigger.kind),
        trigger=trigger_words(definition.trigger),
        day_zero=day_zero_words(definition.trigger),
        only=condition_words(definition.only, currency),
        goal=condition_words(definition.goal, currency),
        again=again_words(definition),
    )


def problems_of(definition: Definition) -> Sequence[Problem]:
    """All that keeps it from being published, each once."""
    return list(dict.fromkeys((*problems(definition, acting=ACTING), *problems_in(definition))))


def rows_of(definition: Definition) -> Sequence[Row]:
    """The timeline; none where a file has waits that are no numbers, which the problems say."""
    try:
        return timeline(definition)
    except ValueError:
        return ()


def _missing(definition: Definition, found: Sequence[Problem]) -> list[Missing]:
    names = {step.key: step_name(step) for step in definition.steps()}
    return [
        Missing(
            where=names.get(each.step, ""),
            words=said(each.words),
            step=each.step,
            block="" if each.step else _block_of(definition, each.words),
        )
        for each in found
    ]


def _block_of(definition: Definition, words: str) -> str:
    message = words.message if isinstance(words, Remark) else str(words)
    if message not in _ABOUT_FACTS:
        return _ABOUT.get(message, "trigger")
    for block, condition in (("only", definition.only), ("goal", definition.goal)):
        if any(not is_known(name) for name in facts_of(condition)):
            return block
    return whenever_lane(0)
