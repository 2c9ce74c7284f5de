"""Workflows that are paused, which way everybody took, and what is done with all who are in a workflow"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

locks_briefly = "no release has had workflows yet, so that their tables are empty"


def upgrade() -> None:
    """Apply."""
    op.create_index(
        op.f("ix_workflow_enrolments_workflow_id_left_at"), "workflow_enrolments", ["workflow_id", "left_at"]
    )
    op.create_index(
        op.f("ix_workflow_step_runs_failed"),
        "workflow_step_runs",
        ["enrolment_id"],
        sqlite_where=sa.text("result = 'failed'"),
        postgresql_where=sa.text("result = 'failed'"),
    )
    _create_turns()
    _create_errands()


def downgrade() -> None:
    """Take back."""
    op.drop_table("workflow_errands")
    op.drop_table("workflow_turns")
    op.drop_index(op.f("ix_workflow_step_runs_failed"), table_name="workflow_step_runs")
    op.drop_index(op.f("ix_workflow_enrolments_workflow_id_left_at"), table_name="workflow_enrolments")


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _create_turns() -> None:
    table = "workflow_turns"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        _instant("at"),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        _refers(table, "customer_id", "customers"),
        _refers(table, "enrolment_id", "workflow_enrolments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_turns")),
    )
    op.create_index(op.f("ix_workflow_turns_enrolment_id_id"), table, ["enrolment_id", "id"])
    op.create_index(op.f("ix_workflow_turns_customer_id"), table, ["customer_id"])


def _create_errands() -> None:
    table = "workflow_errands"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        _instant("begun_at"),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("passed_over", sa.Integer(), nullable=False),
        _instant("finished_at", nullable=True),
        _refers(table, "company_id", "companies"),
        _refers(table, "workflow_id", "workflows"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_errands")),
    )
    op.create_index(
        op.f("ix_workflow_errands_workflow_id_finished_at"), table, ["workflow_id", "finished_at"]
    )
    op.create_index(op.f("ix_workflow_errands_finished_at"), table, ["finished_at"])
