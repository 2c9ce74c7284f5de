"""Trials: what a plan would do to the company's customers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "plan_trials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("now", sa.JSON(), nullable=False),
        sa.Column("then", sa.JSON(), nullable=False),
        sa.Column("different", sa.JSON(), nullable=False),
        sa.Column("different_count", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_plan_trials_company_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_plan_trials_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_trials")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_plan_trials_company_id_finished_at"), "plan_trials", ["company_id", "finished_at"]
    )
    op.create_index(op.f("ix_plan_trials_finished_at"), "plan_trials", ["finished_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_plan_trials_finished_at"), table_name="plan_trials")
    op.drop_index(op.f("ix_plan_trials_company_id_finished_at"), table_name="plan_trials")
    op.drop_table("plan_trials")
