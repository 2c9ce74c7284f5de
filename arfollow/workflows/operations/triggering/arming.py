"""Arming the trigger of a workflow that is published, so that it fires from then on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.profiles.tables import ListMember
from arfollow.workflows.operations.triggering.noting import note_members
from arfollow.workflows.queries.versions import definitions
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.rules.triggers import BY_DAYS, DATED, LOOKING, PROMISE_KEPT, TriggerKind, event_of
from arfollow.workflows.rules.watching import wanted_events
from arfollow.workflows.tables import ArmedTrigger, Workflow, WorkflowCampaign, WorkflowVersion


def arm(
    session: Session,
    workflow: Workflow,
    version: WorkflowVersion,
    definition: Definition,
    *,
    now: datetime,
    today: date,
) -> None:
    """Let the version's trigger fire, from now on; where it is as it was before, it goes on without a gap."""
    version.wants = sorted(wanted_events(definition))
    session.flush()
    trigger = session.get(ArmedTrigger, workflow.id, populate_existing=True)
    is_as_before = trigger is not None and _trigger_of(session, trigger.version_id) == definition.trigger
    # Who is in an older version may still want to be told.
    wanted = _wanted(session, workflow.id) | set(version.wants)
    has_days = definition.trigger.kind in DATED or not BY_DAYS.isdisjoint(wanted)
    if trigger is None:
        trigger = ArmedTrigger(workflow_id=workflow.id, company_id=workflow.company_id)
    trigger.version_id, trigger.kind = version.id, definition.trigger.kind
    trigger.event = event_of(definition.trigger)
    trigger.looks = definition.trigger.kind in LOOKING or PROMISE_KEPT in wanted
    if not is_as_before:
        _from_now(trigger, now, today, has_days=has_days)
    elif has_days and trigger.scanned_to is None:
        trigger.scanned_to = today - timedelta(days=1)
    session.add(trigger)
    session.flush()
    if definition.trigger.kind == TriggerKind.LISTED:
        look_at_campaigns(session, workflow.id, today)


def arm_again(session: Session, *, workflow_id: int, now: datetime, today: date) -> None:
    """After a pause: what the days and events in between would have fired is past. Of campaigns, all who are on them enter."""
    trigger = session.get(ArmedTrigger, workflow_id, populate_existing=True)
    if trigger is None:
        return
    _from_now(trigger, now, today, has_days=trigger.scanned_to is not None)
    session.flush()
    if trigger.kind == TriggerKind.LISTED:
        look_at_campaigns(session, workflow_id, today)


def _from_now(trigger: ArmedTrigger, now: datetime, today: date, *, has_days: bool) -> None:
    trigger.fires_from = now
    trigger.scanned_to = today - timedelta(days=1) if has_days else None


def _trigger_of(session: Session, version_id: int) -> object:
    return definitions(session, version_ids={version_id})[version_id].trigger


def _wanted(session: Session, workflow_id: int) -> set[str]:
    published = WorkflowVersion.published_at.is_not(None)
    versions = select(WorkflowVersion.wants).where(WorkflowVersion.workflow_id == workflow_id, published)
    return {kind for wants in session.scalars(versions) for kind in wants}


def look_at_campaigns(session: Session, workflow_id: int, today: date) -> None:
    """Look at everybody who is on a campaign that the workflow is attached to."""
    members = (
        select(ListMember.customer_id)
        .join(WorkflowCampaign, WorkflowCampaign.list_id == ListMember.list_id)
        .where(WorkflowCampaign.workflow_id == workflow_id)
    )
    note_members(session, members, days_from=today)
