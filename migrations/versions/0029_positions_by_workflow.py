"""Positions know their workflow, so that indexes count and sort who is in one"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

locks_briefly = "no release has had workflows yet, so that nobody stands anywhere"

_TABLE = "workflow_positions"
_INDEXES = {
    "ix_workflow_positions_next": ["workflow_id", "path", "due_at", "enrolment_id", "held"],
    "ix_workflow_positions_at_step": ["workflow_id", "path", "step", "due_at", "enrolment_id", "held"],
}


def upgrade() -> None:
    """Apply."""
    op.add_column(_TABLE, sa.Column("workflow_id", sa.Integer(), server_default="0", nullable=False))
    op.execute(
        "UPDATE workflow_positions SET workflow_id = "
        "(SELECT workflow_id FROM workflow_enrolments WHERE id = workflow_positions.enrolment_id)"
    )
    for name, columns in _INDEXES.items():
        op.create_index(name, _TABLE, columns)


def downgrade() -> None:
    """Take back."""
    for name in _INDEXES:
        op.drop_index(name, _TABLE)
    op.drop_column(_TABLE, "workflow_id")
