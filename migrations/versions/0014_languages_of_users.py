"""The language that a user reads pages in"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("users", sa.Column("language", sa.String(8), server_default="", nullable=False))


def downgrade() -> None:
    """Take back."""
    op.drop_column("users", "language")
