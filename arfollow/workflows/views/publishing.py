"""Publishing a workflow, after saying in words what that will do."""

from __future__ import annotations

from flask import flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from arfollow import clock
from arfollow.access import Permission, current_scope, needs
from arfollow.database import commit, current_session
from arfollow.web.htmx import go_to, page
from arfollow.web.refusals import said
from arfollow.workflows.operations.drafting import OutdatedDraftError, publish_seen
from arfollow.workflows.operations.drafts import NothingToPublishError, NotReadyError, RetiredError
from arfollow.workflows.queries.listing import versions_of
from arfollow.workflows.queries.matching import invited, matching
from arfollow.workflows.rules.definition import MESSAGES
from arfollow.workflows.rules.triggers import TriggerKind
from arfollow.workflows.views.blueprint import blueprint, workflow_or_404
from arfollow.workflows.views.changing import seen
from arfollow.workflows.views.desk import desk_of


@blueprint.get("/workflows/<int:workflow_id>/publish")
@needs(Permission.WORKFLOWS)
def ask_to_publish(workflow_id: int) -> Response:
    """What publishing would do."""
    return _page(workflow_id)


@blueprint.post("/workflows/<int:workflow_id>/publish")
@needs(Permission.WORKFLOWS)
def publish_workflow(workflow_id: int) -> Response:
    """Publish the draft that was shown."""
    scope, session = current_scope(), current_session()
    workflow_or_404(workflow_id)
    try:
        number = publish_seen(
            session,
            company_id=scope.company_id,
            workflow_id=workflow_id,
            seen=seen(),
            who=scope.user_name,
        )
    except OutdatedDraftError:
        session.rollback()
        problem = _("Somebody else has changed this workflow meanwhile: look at it again.")
        return _page(workflow_id, problem=problem, status=409)
    except RetiredError as error:
        session.rollback()
        return _page(workflow_id, problem=said(error), status=409)
    except NothingToPublishError:
        return _page(workflow_id, problem=_("Nothing has changed since it was last published."), status=409)
    except NotReadyError:
        session.rollback()
        return _page(workflow_id, status=422)
    commit(session)
    flash(_("Version %(number)s is in force.", number=number), "success")
    return go_to(url_for("workflows.workflow", workflow_id=workflow_id))


def _page(workflow_id: int, *, problem: str = "", status: int = 200) -> Response:
    desk = desk_of(workflow_id)
    sends = [step for step in desk.definition.steps() if step.kind in MESSAGES]
    earlier = [each for each in versions_of(current_session(), workflow_id=workflow_id) if each.published_at]
    scope, trigger = current_scope(), desk.definition.trigger
    is_campaign = trigger.kind == TriggerKind.LISTED and not trigger.settings.get("list")
    return page(
        "workflows/publish.html",
        desk=desk,
        matching=matching(
            current_session(),
            company_id=scope.company_id,
            definition=desk.definition,
            now=clock.now(),
            today=scope.today,
        ),
        is_campaign=is_campaign,
        invited=invited(current_session(), workflow_id=workflow_id) if is_campaign else 0,
        messages=len(sends),
        inside=sum(each.enrolled for each in earlier),
        problem=problem,
        status=status,
    )
