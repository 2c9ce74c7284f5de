"""The hours in which a company sends text messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. SQLite keeps a time as text and takes no constant expression, hence the literal."""
    for name, hour in (("texts_from", "08:00:00.000000"), ("texts_until", "20:00:00.000000")):
        op.add_column("companies", sa.Column(name, sa.Time(), server_default=hour, nullable=False))
    op.add_column(
        "companies",
        sa.Column("texts_on_days_of_rest", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    """Take back."""
    for name in ("texts_on_days_of_rest", "texts_until", "texts_from"):
        op.drop_column("companies", name)
