"""How often a trial was taken up in vain, and whether it was given up"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("plan_trials", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("plan_trials", sa.Column("failed", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take back."""
    op.drop_column("plan_trials", "failed")
    op.drop_column("plan_trials", "tries")
