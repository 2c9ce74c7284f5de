"""All five steps; leaving one for later, and coming back to it."""

from __future__ import annotations

from flask import abort, flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.setup import operations
from arfollow.setup.queries import ledger_size
from arfollow.setup.rules import Step
from arfollow.setup.views.blueprint import blueprint, current_progress, on_from, page_of, saved, step_page
from arfollow.web.htmx import go_to, page


@blueprint.get("/setup")
@needs(Permission.ADMINISTER)
def overview() -> Response:
    """The five steps, what each is for, and how it stands."""
    return page("setup/overview.html", progress=current_progress())


@blueprint.get("/setup/import")
@needs(Permission.ADMINISTER)
def ledger() -> Response:
    """How the ledger comes in."""
    size = ledger_size(current_session(), company_id=current_scope().company_id)
    return step_page("setup/import.html", Step.IMPORT, size=size)


@blueprint.post("/setup/<step>/skip")
@needs(Permission.ADMINISTER)
def skip(step: str) -> Response:
    """Leave the step for later, and go on to the next."""
    chosen, scope = _step(step), current_scope()
    operations.skip(current_session(), company_id=scope.company_id, step=chosen, who=scope.user_name)
    commit(current_session())
    return go_to(on_from(chosen))


@blueprint.post("/setup/<step>/take-up")
@needs(Permission.ADMINISTER)
def take_up(step: str) -> Response:
    """Come back to a step that was skipped."""
    chosen, scope = _step(step), current_scope()
    operations.take_up(current_session(), company_id=scope.company_id, step=chosen, who=scope.user_name)
    commit(current_session())
    return go_to(page_of(chosen))


@blueprint.post("/setup/dismiss")
@needs(Permission.ADMINISTER)
def dismiss() -> Response:
    """Have the list say no more about it."""
    scope = current_scope()
    operations.dismiss(current_session(), company_id=scope.company_id, who=scope.user_name)
    commit(current_session())
    flash(_("The list says no more about it. You find the steps under Settings, Companies."), "success")
    return go_to("/follow-ups")


@blueprint.post("/setup/resume")
@needs(Permission.ADMINISTER)
def resume() -> Response:
    """Have the list say again what is left."""
    scope = current_scope()
    operations.resume(current_session(), company_id=scope.company_id, who=scope.user_name)
    return saved(_("The list says again what is left."), url_for("setup.overview"))


def _step(name: str) -> Step:
    return Step(name) if name in set(Step) else abort(404)
