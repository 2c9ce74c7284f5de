"""The dry run: a workflow and a customer on a simulated clock. What was said to happen stands in the address; nothing is kept or sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.database import current_session
from arfollow.web.htmx import page
from arfollow.web.input import whole
from arfollow.web.refusals import said as in_words
from arfollow.workflows import examples
from arfollow.workflows.file import from_data
from arfollow.workflows.messages.history import Past
from arfollow.workflows.messages.stops import MARKETING, purpose_of
from arfollow.workflows.queries.versions import latest_version
from arfollow.workflows.rehearsal import Message, Stage, messages, messages_to
from arfollow.workflows.rules.conditions import Value, holds
from arfollow.workflows.rules.definition import MESSAGES, Definition, Kind, Step
from arfollow.workflows.rules.engine import CircleError
from arfollow.workflows.rules.facts import all_facts
from arfollow.workflows.rules.playing import Played
from arfollow.workflows.rules.rehearsing import (
    Action,
    Rehearsal,
    enrolling_event,
)
from arfollow.workflows.rules.rehearsing import (
    rehearse as play_through,
)
from arfollow.workflows.rules.surveys import Survey
from arfollow.workflows.surveys.queries import survey_lines
from arfollow.workflows.tables import Workflow, WorkflowVersion
from arfollow.workflows.views import dry_run_address as said
from arfollow.workflows.views.blueprint import workflow_or_404
from arfollow.workflows.views.dry_run_begin import Begun, begin
from arfollow.workflows.words import conditions, kinds, names, sentences, standing

blueprint = Blueprint("dry_run", __name__, url_prefix="/workflows")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A step of the run with what it would say. `has_consent`: as far as it needs any."""

    played: Played
    messages: tuple[Message, ...]
    has_consent: bool


@blueprint.get("/dry-run")
@needs(Permission.VIEW)
def choose() -> AnyResponse:
    """Go to the dry run of the workflow that was chosen; without a choice, of the first."""
    scope = current_scope()
    wanted = request.args.get("workflow", 0, type=whole)
    mine = select(Workflow.id).where(Workflow.company_id == scope.company_id).order_by(Workflow.name)
    chosen = current_session().scalar(mine.where(Workflow.id == wanted) if wanted else mine.limit(1))
    if chosen is None:
        abort(404, _("There is no workflow to try yet."))
    return redirect(url_for("dry_run.rehearse", workflow_id=chosen), 303)


@blueprint.get("/<int:workflow_id>/dry-run")
@needs(Permission.VIEW)
def rehearse(workflow_id: int) -> AnyResponse:
    """Play the workflow through what was said to happen."""
    workflow, versions = _workflow(workflow_id)
    if "do" in request.args:
        # What a form asked becomes one more action in the address, so that going back is going back.
        return redirect(said.address(workflow_id, [*said.actions(), said.asked()]), 303)
    chosen = request.args.get("version", max(versions, default=0), type=whole)
    version = versions.get(chosen) or versions.get(max(versions, default=0)) or abort(404)
    return _page(workflow, versions, version)


def _workflow(workflow_id: int) -> tuple[Workflow, Mapping[int, WorkflowVersion]]:
    """The workflow; its draft and the newest published version by number."""
    session, workflow = current_session(), workflow_or_404(workflow_id)
    found = [latest_version(session, workflow_id=workflow.id, published=each) for each in (True, False)]
    return workflow, {version.number: version for version in found if version is not None}


def _page(
    workflow: Workflow, versions: Mapping[int, WorkflowVersion], version: WorkflowVersion
) -> AnyResponse:
    begun = begin(from_data(version.definition))
    run, problem = _run(begun)
    return page(
        "workflows/dry-run.html",
        workflow=workflow,
        versions=versions,
        version=version,
        run=run,
        problem=problem,
        surveys=_surveys(run),
        others=_others(),
        **_about(begun, run),
        **_addresses(workflow.id),
        **_words(begun.definition),
    )


def _about(begun: Begun, run: Rehearsal | None) -> Mapping[str, Any]:
    """Whom it is about, whether they would enter, and what was done with them."""
    definition, events = begun.definition, run.events if run else ()
    told = all_facts(begun.facts, events=events, now=begun.at, place=begun.place)
    return {
        "definition": definition,
        "customer": begun.card,
        "searched": said.customer(),
        "subject": begun.subject,
        "start": begun.start,
        "language": begun.language,
        "languages": _languages(definition),
        "known": begun.known,
        "may_enter": holds(definition.only, told),
        "only": conditions.condition_words(definition.only, begun.company.currency),
        "goal": conditions.condition_words(definition.goal, begun.company.currency),
        "done": _done(begun, run) if run else (),
    }


def _addresses(workflow_id: int) -> Mapping[str, Any]:
    """What was said to happen, and where a click leads."""
    return {
        "actions": said.actions(),
        "kept": said.kept(),
        "after": lambda action: said.address(workflow_id, [*said.actions(), action]),
        "back": said.address(workflow_id, said.actions()[:-1]),
        "again": said.address(workflow_id, []),
        "Action": Action,
    }


def _words(definition: Definition) -> Mapping[str, Any]:
    return {
        "names": {step.key: sentences.step_name(step) for step in definition.steps()},
        "sentences": sentences,
        "words": standing,
        "looks": kinds.LOOKS,
        "event_name": names.event_name,
        "fact_name": names.fact_name,
    }


def _run(begun: Begun) -> tuple[Rehearsal | None, str]:
    """The run, or why there is none: a draft may be unfinished."""
    definition, at, facts = begun.definition, begun.at, begun.facts
    try:
        run = play_through(
            definition,
            start=at,
            actions=said.actions(),
            facts=facts,
            entered_by=enrolling_event(definition, at=at, facts=facts),
            place=begun.place,
            key=begun.subject.key,
        )
    except CircleError as error:
        return None, in_words(error)
    except (KeyError, ValueError, TypeError, OverflowError, AttributeError):
        return None, _(
            "This version is not finished: a step has a setting that is missing or wrong. The editor says which."
        )
    return run, ""


def _done(begun: Begun, run: Rehearsal) -> tuple[Shown, ...]:
    """The steps in order, each with what it would say."""
    stage, found = begun.stage(run.events), list[Shown]()
    for number, played in enumerate(run.play.steps):
        before = run.play.steps[:number]
        found.append(
            Shown(
                played=played,
                messages=_messages(begun, stage, played, before),
                has_consent=_has_consent(played.step, stage.facts),
            )
        )
    return tuple(found)


def _messages(begun: Begun, stage: Stage, played: Played, before: Sequence[Played]) -> tuple[Message, ...]:
    past = [Past(at=each.at, step=each.step.key) for each in before]
    if begun.card is None:
        return messages(stage, played, language=begun.language, past=past)
    return messages_to(
        current_session(),
        stage,
        played,
        customer=begun.card,
        company_id=current_scope().company_id,
        language=begun.language,
        past=past,
    )


def _has_consent(step: Step, facts: Mapping[str, Value]) -> bool:
    if step.kind not in MESSAGES or purpose_of(step.settings) != MARKETING:
        return True
    own = {Kind.SMS: "sms", Kind.LETTER: "letter"}.get(step.kind)
    return facts.get(f"consent.{own or step.settings.get('channel') or 'email'}") is True


def _languages(definition: Definition) -> list[str]:
    found: dict[str, None] = {}
    for step in definition.steps():
        words = step.settings.get("words")
        found |= dict.fromkeys(map(str, words) if isinstance(words, Mapping) else ())
    return list(found)


def _surveys(run: Rehearsal | None) -> Mapping[str, Survey]:
    """Those that may be answered now: the company's own, else one that comes along."""
    wanted = {option.survey for option in run.options} if run else set()
    if not wanted - {""}:
        return {}
    lines = survey_lines(current_session(), company_id=current_scope().company_id)
    own = {line.view.survey.key: line.view.survey for line in lines}
    return {key: survey for key, survey in {**examples.surveys(), **own}.items() if key in wanted}


def _others() -> list[tuple[int, str]]:
    rows = current_session().execute(
        select(Workflow.id, Workflow.name)
        .where(Workflow.company_id == current_scope().company_id)
        .order_by(Workflow.name)
    )
    return [(id_, name) for id_, name in rows]
