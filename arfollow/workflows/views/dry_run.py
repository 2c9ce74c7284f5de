"""The dry run: a workflow and a customer on a simulated clock. What was said to happen stands in the address; nothing is kept or sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from arfollow.access import Permission, current_scope, needs
from arfollow.companies.tables import Company
from arfollow.database import current_session
from arfollow.receivables.queries.customers import CustomerCard, find_customer
from arfollow.web.htmx import page
from arfollow.web.input import whole
from arfollow.workflows import examples
from arfollow.workflows.file import from_data
from arfollow.workflows.messages.history import Past
from arfollow.workflows.queries.versions import latest_version
from arfollow.workflows.rehearsal import Message, Stage, messages, messages_to
from arfollow.workflows.rules.conditions import Value, holds
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.engine import CircleError
from arfollow.workflows.rules.facts import all_facts
from arfollow.workflows.rules.playing import Played
from arfollow.workflows.rules.rehearsing import (
    Action,
    Rehearsal,
    asked_facts,
    enrolling_event,
)
from arfollow.workflows.rules.rehearsing import (
    rehearse as play_through,
)
from arfollow.workflows.rules.surveys import Survey
from arfollow.workflows.rules.waits import Place
from arfollow.workflows.surveys.queries import survey_lines
from arfollow.workflows.tables import Workflow, WorkflowVersion
from arfollow.workflows.views import dry_run_address as said
from arfollow.workflows.views.blueprint import workflow_or_404
from arfollow.workflows.views.dry_run_subject import subject_of
from arfollow.workflows.words import conditions, kinds, names, sentences, standing

blueprint = Blueprint("dry_run", __name__, url_prefix="/workflows")

_MORNING = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fact by which the workflow decides, as the form asks for it. `given`: somebody filled it in."""

    name: str
    label: str
    text: str
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A step of the run with what it would say."""

    played: Played
    messages: tuple[Message, ...]


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
    definition, start, card = from_data(version.definition), said.start(), _customer()
    company = current_session().scalars(select(Company).where(Company.id == current_scope().company_id)).one()
    place = _place(company, card)
    at = datetime.combine(start, _MORNING, ZoneInfo(place.timezone)).astimezone(UTC)
    subject = subject_of(definition, card, start)
    facts: Mapping[str, Value] = subject.facts
    known = _known(definition, facts)
    facts = {**facts, **{each.name: said.value(each.name, each.text) for each in known if each.given}}
    run, problem = _run(definition, at, facts, place, subject.key)
    language = request.args.get("language", "") or str(facts.get("customer.language") or company.language)
    stage = Stage(
        definition=definition,
        facts=facts,
        events=run.events if run else (),
        place=place,
        company=company.name,
        phone=company.phone,
        email=company.email,
        currency=company.currency,
        key=subject.key,
        today=start,
    )
    done = _done(stage, run, card, language) if run else ()
    return page(
        "workflows/dry-run.html",
        workflow=workflow,
        versions=versions,
        version=version,
        definition=definition,
        customer=card,
        searched=request.args.get("customer", "").strip(),
        start=start,
        language=language,
        languages=_languages(definition),
        known=known,
        subject=subject,
        run=run,
        problem=problem,
        done=done,
        actions=said.actions(),
        may_enter=holds(
            definition.only, all_facts(facts, events=run.events if run else (), now=at, place=place)
        ),
        only=conditions.condition_words(definition.only, company.currency),
        goal=conditions.condition_words(definition.goal, company.currency),
        surveys=_surveys(run),
        kept=said.kept(),
        after=lambda action: said.address(workflow.id, [*said.actions(), action]),
        back=said.address(workflow.id, said.actions()[:-1]),
        again=said.address(workflow.id, []),
        Action=Action,
        others=_others(),
        names={step.key: sentences.step_name(step) for step in definition.steps()},
        sentences=sentences,
        words=standing,
        looks=kinds.LOOKS,
        event_name=names.event_name,
        fact_name=names.fact_name,
    )


def _run(
    definition: Definition, at: datetime, facts: Mapping[str, Value], place: Place, key: str
) -> tuple[Rehearsal | None, str]:
    """The run, or why there is none: a draft may be unfinished."""
    try:
        return (
            play_through(
                definition,
                start=at,
                actions=said.actions(),
                facts=facts,
                entered_by=enrolling_event(definition, at=at, facts=facts),
                place=place,
                key=key,
            ),
            "",
        )
    except CircleError as error:
        return None, str(error)
    except (KeyError, ValueError, TypeError, OverflowError, AttributeError):
        return None, _(
            "This version is not finished: a step has a setting that is missing or wrong. The editor says which."
        )


def _done(stage: Stage, run: Rehearsal, card: CustomerCard | None, language: str) -> tuple[Shown, ...]:
    found: list[Shown] = []
    history: list[str] = []
    past: list[Past] = []
    for played in run.play.steps:
        shown = (
            messages(stage, played, language=language, history=tuple(history))
            if card is None
            else messages_to(
                current_session(),
                stage,
                played,
                customer=card,
                company_id=current_scope().company_id,
                language=language,
                past=tuple(past),
                history=tuple(history),
            )
        )
        found.append(Shown(played=played, messages=shown))
        past.append(Past(at=played.at, step=played.step.key))
        history.append(
            f"{played.at.astimezone(ZoneInfo(stage.place.timezone)):%Y-%m-%d} {sentences.step_name(played.step)}"
        )
    return tuple(found)


def _known(definition: Definition, facts: Mapping[str, Value]) -> list[Known]:
    found = []
    for name in asked_facts(definition):
        given = request.args.get(f"f.{name}")
        text = said.written(facts.get(name)) if given is None else given[: said.LONGEST]
        found.append(Known(name=name, label=names.fact_name(name), text=text, given=given is not None))
    return found


def _place(company: Company, card: CustomerCard | None) -> Place:
    country = card.country if card is not None and card.country else company.country
    return Place(timezone=company.timezone, country=country)


def _customer() -> CustomerCard | None:
    number = request.args.get("customer", "").strip()
    if not number or "\0" in number:
        return None
    return find_customer(current_session(), company_id=current_scope().company_id, number=number)


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
