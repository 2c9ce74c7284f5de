"""Bulk runs: the preflight of what was chosen from the list, go, progress, the letters, and those of the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Response, abort, flash, make_response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from arfollow import clock
from arfollow.access import Permission, Scope, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.followup.queries.customer import Gap, company_terms
from arfollow.followup.queries.list_order import ids_of_page
from arfollow.followup.queries.list_selection import selection
from arfollow.followup.queries.list_view import ListView, parse_query
from arfollow.followup.queries.unprintable import of_ours, unprintable_letters
from arfollow.followup.runs import words
from arfollow.followup.runs.letters import count_parts, letters_pdf
from arfollow.followup.runs.lines import View, lines
from arfollow.followup.runs.operations import Chosen, NotRunningError, RunGoneError, cancel, prepare, start
from arfollow.followup.runs.planning import plans_of
from arfollow.followup.runs.preflight import preflight
from arfollow.followup.runs.queries import (
    PAGE_SIZE,
    RunHead,
    count_runs,
    find_run,
    is_on_its_way,
    past_runs,
    tallies,
)
from arfollow.followup.runs.rules import LARGEST, RunState
from arfollow.followup.sheets.runs import run_sheet, runs_sheet
from arfollow.followup.views.blueprint import blueprint
from arfollow.followup.views.list_addresses import list_address
from arfollow.followup.words import contact_name, day_words, gaps
from arfollow.levels.actions import ACTIONS
from arfollow.web import exports
from arfollow.web.htmx import go_to, page
from arfollow.web.input import whole
from arfollow.web.refusals import said
from arfollow.web.transactions import begin_writing, prepare_first

_LOOKED_AT = timedelta(minutes=15)
"""For how long after its end a run's page still asks what became of its e-mails."""
_SHOWN: Mapping[str, Any] = {"words": words, "actions": ACTIONS, "contact_name": contact_name}


@blueprint.get("/runs")
@needs(Permission.VIEW)
def runs() -> Response:
    """The runs that were started, the latest first."""
    scope, session, number = current_scope(), current_session(), _page_number()
    if exports.wanted():
        return exports.download(lambda: runs_sheet(session, company_id=scope.company_id))
    return page(
        "runs/overview.html",
        runs=past_runs(session, company_id=scope.company_id, page=number),
        total=count_runs(session, company_id=scope.company_id),
        number=number,
        size=PAGE_SIZE,
        words=words,
    )


@blueprint.post("/runs")
@prepare_first
@needs(Permission.WORK)
def prepare_run() -> AnyResponse:
    """Look at what was chosen in the list, and show the preflight."""
    scope, session = current_scope(), current_session()
    list_view = parse_query(request.form.get("list", ""))
    customer_ids, has_more = _chosen(session, scope, list_view)
    planned = list(
        plans_of(
            session,
            company_id=scope.company_id,
            customer_ids=customer_ids,
            day=scope.today,
            but_user_id=scope.user_id,
        )
    )
    if not planned:
        flash(_("Choose customers first: tick their boxes in the list."), "warning")
        return go_to(list_address(list_view))
    begin_writing(session)
    run_id = prepare(
        session,
        company_id=scope.company_id,
        user_id=scope.user_id,
        who=scope.user_name,
        day=scope.today,
        chosen=Chosen(has_more=has_more, list_query=replace(list_view, text="").query),
        customers=planned,
    )
    commit(session)
    return go_to(url_for("followup.run", run_id=run_id))


@blueprint.get("/runs/<int:run_id>")
@needs(Permission.VIEW)
def run(run_id: int) -> Response:
    """The preflight of one that is not started; else how far it has come, and what came of each customer."""
    head = _find(run_id)
    if exports.wanted():
        return exports.download(lambda: run_sheet(current_session(), head, view=_view()))
    return _preflight_page(head) if head.state is RunState.PREPARED else _run_page(head)


@blueprint.post("/runs/<int:run_id>/start")
@needs(Permission.WORK)
def start_run(run_id: int) -> AnyResponse:
    """Go."""
    _find(run_id)
    scope, session = current_scope(), current_session()
    try:
        start(
            session,
            company_id=scope.company_id,
            run_id=run_id,
            user_id=scope.user_id,
            marks_done="marks_done" in request.form,
            today=scope.today,
        )
    except RunGoneError as problem:
        abort(409, said(problem))
    commit(session)
    return go_to(url_for("followup.run", run_id=run_id))


@blueprint.post("/runs/<int:run_id>/cancel")
@needs(Permission.WORK)
def cancel_run(run_id: int) -> AnyResponse:
    """Stop before the customers that nobody has begun with."""
    _find(run_id)
    scope, session = current_scope(), current_session()
    try:
        cancel(session, company_id=scope.company_id, run_id=run_id, who=scope.user_name)
    except NotRunningError as problem:
        abort(409, said(problem))
    commit(session)
    flash(_("Stopped. What is queued already can be taken back under Deliveries."), "success")
    return go_to(url_for("followup.run", run_id=run_id))


@blueprint.get("/runs/<int:run_id>/letters.pdf")
@needs(Permission.VIEW)
def run_letters(run_id: int) -> Response:
    """The run's letters for the printer, as one file or a few."""
    _find(run_id)
    company_id, part = current_scope().company_id, max(request.args.get("part", 1, type=whole), 1)
    pdf = letters_pdf(current_session(), company_id=company_id, run_id=run_id, part=part)
    if pdf is None:
        abort(404)
    response = make_response(pdf)
    response.headers.set("Content-Type", "application/pdf")
    filename = f"letters-run-{run_id}-{part}.pdf"
    response.headers.set("Content-Disposition", "inline", filename=filename)
    return response


def _chosen(session: Session, scope: Scope, list_view: ListView) -> tuple[Sequence[int], bool]:
    """The ids that were ticked, or all that the view holds, up to the limit; and whether there are more."""
    if "all" in request.form:
        found = selection(session, scope, list_view).among
        ids = ids_of_page(session, scope, replace(list_view, page=1), size=LARGEST + 1, among=found)
    else:
        ids = list(dict.fromkeys(request.form.getlist("customer", whole)))
    return ids[:LARGEST], len(ids) > LARGEST


def _find(run_id: int) -> RunHead:
    """The company's run; a preflight is its maker's alone."""
    scope = current_scope()
    head = find_run(current_session(), company_id=scope.company_id, run_id=run_id)
    if head is None or (head.state is RunState.PREPARED and head.user_id != scope.user_id):
        abort(404)
    return head


def _preflight_page(head: RunHead) -> Response:
    scope, session = current_scope(), current_session()
    terms = company_terms(session, company_id=scope.company_id)
    outdated = terms.imported_on if terms.import_is_old(scope.today) else None
    view, found = _view(), preflight(session, run_id=head.id)
    return page(
        "runs/preflight.html",
        head=head,
        found=found,
        shown=lines(session, run_id=head.id, view=view, page=_page_number()),
        view=view,
        number=_page_number(),
        list_address=list_address(parse_query(head.list_query)),
        imported=day_words(outdated, today=scope.today) if outdated else "",
        gaps=gaps(terms.gaps, terms.unpayable(total.currency for total in found.claimed)),
        has_sender=Gap.SENDER not in terms.gaps,
        ours=of_ours(session, company_id=scope.company_id) if found.letters else "",
        unprintable=unprintable_letters(session, company_id=scope.company_id, run_id=head.id),
        is_of_today=head.day == scope.today,
        largest=LARGEST,
        **_SHOWN,
    )


def _run_page(head: RunHead) -> Response:
    session, view = current_session(), _view()
    terms = company_terms(session, company_id=current_scope().company_id)
    return page(
        "runs/run.html",
        part="progress",
        head=head,
        has_sender=Gap.SENDER not in terms.gaps,
        tally=tallies(session, run_ids=[head.id])[head.id],
        shown=lines(session, run_id=head.id, view=view, page=_page_number()),
        view=view,
        number=_page_number(),
        parts=count_parts(session, run_id=head.id),
        pause=_pause(session, head),
        list_address=list_address(parse_query(head.list_query)),
        **_SHOWN,
    )


def _pause(session: Session, head: RunHead) -> int:
    """Seconds until the page asks again; 0: nothing more happens by itself, or nobody is likely to be looking."""
    if head.is_under_way:
        return 2
    is_fresh = head.finished_at is not None and clock.now() - head.finished_at < _LOOKED_AT
    return 5 if is_fresh and is_on_its_way(session, run_id=head.id) else 0


def _view() -> View:
    return request.args.get("rows", View.ALL, type=View)


def _page_number() -> int:
    return max(request.args.get("page", 1, type=whole), 1)
