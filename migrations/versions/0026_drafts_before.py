"""What drafts of workflows were before their changes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_TABLE = "workflow_drafts_before"


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "workflow_versions", sa.Column("revision", sa.Integer(), server_default="0", nullable=False)
    )
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["workflow_versions.id"], name=op.f(f"fk_{_TABLE}_version_id_workflow_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
    )
    op.create_index(op.f(f"ix_{_TABLE}_version_id"), _TABLE, ["version_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table(_TABLE)
    op.drop_column("workflow_versions", "revision")
