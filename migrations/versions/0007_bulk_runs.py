"""Bulk runs: many customers worked at once, with a row for each"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _create_runs()
    _create_rows()


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_bulk_run_rows_run_id_state_id"), table_name="bulk_run_rows")
    op.drop_table("bulk_run_rows")
    op.drop_index(op.f("ix_bulk_runs_state"), table_name="bulk_runs")
    op.drop_index(op.f("ix_bulk_runs_company_id_state"), table_name="bulk_runs")
    op.drop_table("bulk_runs")


def _create_runs() -> None:
    op.create_table(
        "bulk_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("marks_done", sa.Boolean(), nullable=False),
        sa.Column("has_more", sa.Boolean(), nullable=False),
        sa.Column("list_query", sa.String(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_bulk_runs_company_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_bulk_runs_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_runs")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_bulk_runs_company_id_state"), "bulk_runs", ["company_id", "state"], unique=False)
    op.create_index(op.f("ix_bulk_runs_state"), "bulk_runs", ["state"], unique=False)


def _create_rows() -> None:
    op.create_table(
        "bulk_run_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("sends", sa.JSON(), nullable=False),
        sa.Column("remains", sa.JSON(), nullable=False),
        sa.Column("claimed", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("marked_done", sa.Boolean(), nullable=False),
        sa.Column("email_id", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["bulk_runs.id"], name=op.f("fk_bulk_run_rows_run_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_bulk_run_rows_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_bulk_run_rows_customer_id")),
        sa.ForeignKeyConstraint(["level_id"], ["levels.id"], name=op.f("fk_bulk_run_rows_level_id")),
        sa.ForeignKeyConstraint(["email_id"], ["deliveries.id"], name=op.f("fk_bulk_run_rows_email_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["deliveries.id"], name=op.f("fk_bulk_run_rows_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_run_rows")),
        sa.UniqueConstraint("run_id", "customer_id", name=op.f("uq_bulk_run_rows_run_id_customer_id")),
    )
    op.create_index(
        op.f("ix_bulk_run_rows_run_id_state_id"), "bulk_run_rows", ["run_id", "state", "id"], unique=False
    )
