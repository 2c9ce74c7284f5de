"""The first run: what was skipped, confirmed or tried"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "setup_marks",
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=24), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_setup_marks_company_id")),
        sa.PrimaryKeyConstraint("company_id", "mark", name=op.f("pk_setup_marks")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("setup_marks")
