"""Tables of workflows; see docs/decisions/0022. Definitions are data as `file.to_data` writes them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Explanation, Table


class Workflow(Table):
    """A workflow of a company; state: draft, running, paused or retired."""

    __tablename__ = "workflows"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    name: Mapped[str]
    state: Mapped[str] = mapped_column(String(8), default="draft")
    paused_at: Mapped[dt.datetime | None]


class WorkflowVersion(Table):
    """A version of a workflow. Published ones never change; the one that is not is the draft, and has the highest number.

    `revision`: raised by each change of a draft. `wants`: the kinds of events that it asks for, so that nobody notes what nobody wants.
    """

    __tablename__ = "workflow_versions"
    __table_args__ = (UniqueConstraint("workflow_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflows.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]]
    written_at: Mapped[dt.datetime]
    written_by: Mapped[str]
    published_at: Mapped[dt.datetime | None]
    wants: Mapped[list[Any]] = mapped_column(default=list)
    revision: Mapped[int] = mapped_column(default=0)


class DraftBefore(Table):
    """What a draft was before a change, which can be undone; the newest has the highest id."""

    __tablename__ = "workflow_drafts_before"
    __table_args__ = (Index(None, "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("workflow_versions.id"))
    definition: Mapped[dict[str, Any]]


class Enrolment(Table):
    """A customer in a version. `key`: what of the customer it is about, such as an invoice; `entry`: the how manieth time.

    The database takes an entry but once. `event_id`: the event that enrolled, at `told_from`: what the customer's events tell
    counts from then on, that one included. `paths`: how many events have begun a path. `reason`: why it was left: goal, end,
    removed, retired, erased; after an end, paths that go on beside the route still do.
    """

    __tablename__ = "workflow_enrolments"
    __table_args__ = (
        UniqueConstraint("workflow_id", "customer_id", "key", "entry"),
        Index(None, "customer_id", "left_at"),
        Index(None, "version_id", "left_at"),
        Index(None, "workflow_id", "left_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflows.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("workflow_versions.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    key: Mapped[str] = mapped_column(String(200), default="")
    entry: Mapped[int]
    entered_at: Mapped[dt.datetime]
    event_id: Mapped[int | None]
    told_from: Mapped[dt.datetime | None]
    paths: Mapped[int] = mapped_column(default=0)
    left_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(String(12), default="")


class StepPosition(Table):
    """Where an enrolment stands: `path` 0 is its route, each other one a "whenever" that an event began.

    The route's position is there as long as the customer is in the workflow. `workflow_id`: the enrolment's, so that who is in
    a workflow is counted, filtered and sorted in an index of positions alone.

    `due_at`: when the engine is to be asked next; null: only something that happens can move it. `watches`: a change of the
    customer's account may. `ran`: instants by step; `took`: paths by step that branches.

    `waits_since`: since when its step, which is about money, waits for the customer's contact gap; null: it does not.

    `held`: its workflow is paused: it is not due whatever `due_at` says, and nothing wakes it, so that `due_at` stays what it
    was. Whoever lets it go sets `due_at`, to now at the latest: meanwhile something may have happened.
    """

    __tablename__ = "workflow_positions"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "path"),
        Index(None, "enrolment_id", "whenever", "event_id", unique=True),
        Index(
            "ix_workflow_positions_due",
            "due_at",
            "id",
            sqlite_where=text("held = 0"),
            postgresql_where=text("NOT held"),
        ),
        Index(None, "customer_id"),
        Index("ix_workflow_positions_next", "workflow_id", "path", "due_at", "enrolment_id", "held"),
        Index(
            "ix_workflow_positions_at_step", "workflow_id", "path", "step", "due_at", "enrolment_id", "held"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("workflow_enrolments.id"))
    workflow_id: Mapped[int]
    path: Mapped[int]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    whenever: Mapped[int | None]
    event_id: Mapped[int | None]
    step: Mapped[str | None]
    round: Mapped[int]
    entered_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime | None]
    watches: Mapped[bool] = mapped_column(default=False)
    held: Mapped[bool] = mapped_column(default=False)
    ran: Mapped[dict[str, Any]] = mapped_column(default=dict)
    took: Mapped[dict[str, Any]] = mapped_column(default=dict)
    waits_since: Mapped[dt.datetime | None]


class StepRun(Table):
    """What became of a step; written once for each enrolment, path, step and round. result: done, skipped or failed."""

    __tablename__ = "workflow_step_runs"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "path", "step", "round"),
        Index(None, "customer_id", "at"),
        # Failures are few, and are to be found among millions that went well.
        Index(
            "ix_workflow_step_runs_failed",
            "enrolment_id",
            sqlite_where=text("result = 'failed'"),
            postgresql_where=text("result = 'failed'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("workflow_enrolments.id"))
    path: Mapped[int]
    step: Mapped[str]
    round: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[dt.datetime]
    result: Mapped[str] = mapped_column(String(8))
    explanation: Mapped[str] = mapped_column(Explanation, default="")
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id"))


class ArmedTrigger(Table):
    """What enrols customers in a workflow that runs or is paused: the trigger of its last published version.

    `event`: the kind of event that it waits for, or empty. `looks`: it looks at customers of whom something has changed.
    `fires_from`: what it is about, such as a day or an event, counts from then on: publishing and going on after a pause do
    not fire what lies before. `scanned_to`: the last day whose customers were found by their dates; null: it has no days.
    """

    __tablename__ = "workflow_triggers"
    __table_args__ = (Index(None, "company_id"),)

    workflow_id: Mapped[int] = mapped_column(
        ForeignKey("workflows.id"), primary_key=True, autoincrement=False
    )
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("workflow_versions.id"))
    kind: Mapped[str] = mapped_column(String(12))
    event: Mapped[str] = mapped_column(String(40), default="")
    looks: Mapped[bool]
    fires_from: Mapped[dt.datetime]
    scanned_to: Mapped[dt.date | None]


class CustomerLook(Table):
    """A customer whom the worker looks at, since something changed or its day has come; gone once it has.

    `days_from`: the first day whose dates count, of triggers that fire on a day and not as long as something is so.
    """

    __tablename__ = "workflow_looks"
    __table_args__ = (Index(None, "company_id"),)

    # Not a foreign key: a customer may go with the import that made it.
    customer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    days_from: Mapped[dt.date]


class WorkflowCampaign(Table):
    """A campaign, which is a list, that a workflow is attached to; `values` go before those of the workflow."""

    __tablename__ = "workflow_campaigns"

    workflow_id: Mapped[int] = mapped_column(
        ForeignKey("workflows.id"), primary_key=True, autoincrement=False
    )
    list_id: Mapped[int] = mapped_column(
        ForeignKey("customer_lists.id"), primary_key=True, autoincrement=False, index=True
    )
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)


class StepTurn(Table):
    """Which way was taken at a step that branches, and by which facts; a round may come by it more than once."""

    __tablename__ = "workflow_turns"
    __table_args__ = (Index(None, "enrolment_id", "id"), Index(None, "customer_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("workflow_enrolments.id"))
    path: Mapped[int]
    step: Mapped[str]
    round: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    at: Mapped[dt.datetime]
    outcome: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class WorkflowErrand(Table):
    """Something to be done with everybody who is in a workflow, by the worker, in batches. kind: move, resume or retire.

    `after_id`: the last enrolment that was treated, in the order of their ids; `passed_over`: those that it could not be done with.
    """

    __tablename__ = "workflow_errands"
    __table_args__ = (Index(None, "workflow_id", "finished_at"), Index(None, "finished_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    workflow_id: Mapped[int] = mapped_column(ForeignKey("workflows.id"))
    kind: Mapped[str] = mapped_column(String(8))
    settings: Mapped[dict[str, Any]]
    who: Mapped[str]
    reason: Mapped[str]
    begun_at: Mapped[dt.datetime]
    total: Mapped[int]
    after_id: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    passed_over: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[dt.datetime | None]
