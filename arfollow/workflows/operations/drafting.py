"""Changing a draft a little at a time: two people do not write over each other's changes, and the last one can be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from arfollow.values.refusals import N_, Refusal
from arfollow.workflows.file import from_data, to_data
from arfollow.workflows.operations.drafts import RetiredError, publish, save_draft
from arfollow.workflows.queries.versions import UnknownWorkflowError, find_workflow, latest_version
from arfollow.workflows.rules.definition import Definition
from arfollow.workflows.tables import DraftBefore, Workflow, WorkflowVersion

_MOST_UNDONE = 50


class OutdatedDraftError(Refusal):
    """Somebody else changed the workflow meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Somebody else has changed this workflow meanwhile. You see it as it is now; make your change again."
            )
        )


class NothingToUndoError(Refusal):
    """Nothing has been changed since the last version."""

    def __init__(self) -> None:
        super().__init__(N_("There is nothing to undo."))


def seal(version: WorkflowVersion) -> str:
    """What a page remembers of the draft that it shows; another one after every change."""
    return f"{version.number}.{version.revision}.{int(version.published_at is not None)}"


def change_draft(
    session: Session,
    *,
    company_id: int,
    workflow_id: int,
    seen: str,
    change: Callable[[Definition], Definition],
    who: str,
) -> None:
    """Keep the changed definition as the draft; `seen`: the seal of what was changed.

    Raise UnknownWorkflowError, RetiredError, OutdatedDraftError, NameTakenError and whatever `change` raises.
    """
    version = _current(session, company_id, workflow_id, seen)
    before = from_data(version.definition)
    after = change(before)
    if after == before:
        return
    save_draft(session, company_id=company_id, workflow_id=workflow_id, definition=after, who=who)
    draft = _latest(session, workflow_id)
    draft.revision += 1
    session.add(DraftBefore(version_id=draft.id, definition=to_data(before)))
    _forget(session, draft.id)


def undo(session: Session, *, company_id: int, workflow_id: int, seen: str, who: str) -> None:
    """Take the draft's last change back. Raise UnknownWorkflowError, RetiredError, OutdatedDraftError, NothingToUndoError."""
    draft = _current(session, company_id, workflow_id, seen)
    before = _last_before(session, draft.id)
    if before is None or draft.published_at is not None:
        raise NothingToUndoError
    definition: dict[str, Any] = before.definition
    save_draft(
        session, company_id=company_id, workflow_id=workflow_id, definition=from_data(definition), who=who
    )
    draft.revision += 1
    session.delete(before)


def publish_seen(session: Session, *, company_id: int, workflow_id: int, seen: str, who: str) -> int:
    """Publish the draft as its page showed it, and not what somebody is just making of it; gives its number.

    Raise OutdatedDraftError and what `publish` raises.
    """
    _current(session, company_id, workflow_id, seen)
    return publish(session, company_id=company_id, workflow_id=workflow_id, who=who)


def can_undo(session: Session, *, version: WorkflowVersion) -> bool:
    """Whether the version is a draft that was changed."""
    return version.published_at is None and _last_before(session, version.id) is not None


def _current(session: Session, company_id: int, workflow_id: int, seen: str) -> WorkflowVersion:
    find_workflow(session, company_id=company_id, workflow_id=workflow_id)
    # Whoever comes second reads what the first one wrote.
    state = session.scalar(select(Workflow.state).where(Workflow.id == workflow_id).with_for_update())
    if state == "retired":
        raise RetiredError
    version = _latest(session, workflow_id)
    session.refresh(version)
    if seal(version) != seen:
        raise OutdatedDraftError
    return version


def _latest(session: Session, workflow_id: int) -> WorkflowVersion:
    version = latest_version(session, workflow_id=workflow_id, published=False)
    if version is None:
        raise UnknownWorkflowError(workflow_id)
    return version


def _last_before(session: Session, version_id: int) -> DraftBefore | None:
    return session.scalar(
        select(DraftBefore)
        .where(DraftBefore.version_id == version_id)
        .order_by(DraftBefore.id.desc())
        .limit(1)
    )


def _forget(session: Session, version_id: int) -> None:
    session.flush()
    newest = (
        select(DraftBefore.id)
        .where(DraftBefore.version_id == version_id)
        .order_by(DraftBefore.id.desc())
        .limit(_MOST_UNDONE)
    )
    session.execute(
        delete(DraftBefore).where(DraftBefore.version_id == version_id, DraftBefore.id.not_in(newest))
    )
