"""Workflows, their versions, who is enrolled, where each stands, and what became of each step"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _create_workflows()
    _create_enrolments()
    _create_positions()
    _create_step_runs()


def downgrade() -> None:
    """Take back."""
    for table in (
        "workflow_step_runs",
        "workflow_positions",
        "workflow_enrolments",
        "workflow_versions",
        "workflows",
    ):
        op.drop_table(table)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _create_workflows() -> None:
    op.create_table(
        "workflows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        _instant("paused_at", nullable=True),
        _refers("workflows", "company_id", "companies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflows")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_workflows_company_id_name")),
    )
    op.create_table(
        "workflow_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        _instant("written_at"),
        sa.Column("written_by", sa.String(), nullable=False),
        _instant("published_at", nullable=True),
        _refers("workflow_versions", "workflow_id", "workflows"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_versions")),
        sa.UniqueConstraint("workflow_id", "number", name=op.f("uq_workflow_versions_workflow_id_number")),
    )


def _create_enrolments() -> None:
    table = "workflow_enrolments"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        _instant("entered_at"),
        _instant("left_at", nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        _refers(table, "company_id", "companies"),
        _refers(table, "customer_id", "customers"),
        _refers(table, "version_id", "workflow_versions"),
        _refers(table, "workflow_id", "workflows"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_enrolments")),
        sa.UniqueConstraint(
            "workflow_id",
            "customer_id",
            "key",
            "entry",
            name=op.f("uq_workflow_enrolments_workflow_id_customer_id_key_entry"),
        ),
    )
    op.create_index(op.f("ix_workflow_enrolments_customer_id_left_at"), table, ["customer_id", "left_at"])
    op.create_index(op.f("ix_workflow_enrolments_version_id_left_at"), table, ["version_id", "left_at"])


def _create_positions() -> None:
    table = "workflow_positions"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("whenever", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        _instant("entered_at"),
        _instant("due_at", nullable=True),
        sa.Column("watches", sa.Boolean(), nullable=False),
        sa.Column("ran", sa.JSON(), nullable=False),
        _refers(table, "company_id", "companies"),
        _refers(table, "customer_id", "customers"),
        _refers(table, "enrolment_id", "workflow_enrolments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_positions")),
        sa.UniqueConstraint("enrolment_id", "path", name=op.f("uq_workflow_positions_enrolment_id_path")),
    )
    op.create_index(op.f("ix_workflow_positions_due_at"), table, ["due_at"])
    op.create_index(op.f("ix_workflow_positions_customer_id"), table, ["customer_id"])


def _create_step_runs() -> None:
    table = "workflow_step_runs"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        _instant("at"),
        sa.Column("result", sa.String(length=8), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        _refers(table, "customer_id", "customers"),
        _refers(table, "delivery_id", "deliveries"),
        _refers(table, "enrolment_id", "workflow_enrolments"),
        _refers(table, "task_id", "tasks"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_step_runs")),
        sa.UniqueConstraint(
            "enrolment_id",
            "path",
            "step",
            "round",
            name=op.f("uq_workflow_step_runs_enrolment_id_path_step_round"),
        ),
    )
    op.create_index(op.f("ix_workflow_step_runs_customer_id_at"), table, ["customer_id", "at"])
