"""Rows of the list know by which rules they were made, so that a change of the rules need not touch them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

locks_briefly = "to drop an index or a column reads no row"


def upgrade() -> None:
    """Apply. Every row waits for the worker then."""
    op.create_table(
        "list_rules",
        sa.Column("company_id", sa.Integer(), sa.ForeignKey("companies.id"), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.add_column("list_rows", sa.Column("rules_version", sa.Integer(), server_default="0", nullable=False))
    op.drop_index("ix_list_rows_stale", "list_rows")
    op.drop_column("list_rows", "stale")


def downgrade() -> None:
    """Take back."""
    op.add_column("list_rows", sa.Column("stale", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_index("ix_list_rows_stale", "list_rows", ["company_id", "stale"])
    op.drop_column("list_rows", "rules_version")
    op.drop_table("list_rules")
