"""What drafts of workflows were before their changes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TABLE = "workflow_drafts_before"
_CAMPAIGNS = "workflow_campaigns"


def upgrade() -> None:
    """Apply."""
    op.add_column("workflow_versions", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
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
    op.create_table(
        _CAMPAIGNS,
        sa.Column("workflow_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["customer_lists.id"], name=op.f(f"fk_{_CAMPAIGNS}_list_id_customer_lists")
        ),
        sa.ForeignKeyConstraint(
            ["workflow_id"], ["workflows.id"], name=op.f(f"fk_{_CAMPAIGNS}_workflow_id_workflows")
        ),
        sa.PrimaryKeyConstraint("workflow_id", "list_id", name=op.f(f"pk_{_CAMPAIGNS}")),
    )
    op.create_index(op.f(f"ix_{_CAMPAIGNS}_list_id"), _CAMPAIGNS, ["list_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table(_CAMPAIGNS)
    op.drop_table(_TABLE)
    op.drop_column("workflow_versions", "revision")
