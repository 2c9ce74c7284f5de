"""What there is to say of a task besides its title, and messages about money that are no follow-up"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("tasks", sa.Column("text", sa.String(), server_default="", nullable=False))
    op.add_column("customer_states", sa.Column("other_message_on", sa.Date(), nullable=True))
    op.add_column(
        "customer_states", sa.Column("other_message_of", sa.String(20), server_default="", nullable=False)
    )


def downgrade() -> None:
    """Take back."""
    op.drop_column("customer_states", "other_message_of")
    op.drop_column("customer_states", "other_message_on")
    op.drop_column("tasks", "text")
