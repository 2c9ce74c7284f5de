"""Letterheads: colour, window, lines, payment codes; and bank accounts without an IBAN"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TEXTS = ("sender_line", "contact_line", "footer_left", "footer_middle", "pay_link")


def upgrade() -> None:
    """Apply."""
    for name in _TEXTS:
        op.add_column("companies", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("companies", sa.Column("accent", sa.String(length=7), nullable=False, server_default=""))
    op.add_column(
        "companies", sa.Column("window", sa.String(length=8), nullable=False, server_default="ours")
    )
    op.add_column(
        "companies", sa.Column("payment_codes", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("bank_accounts", sa.Column("account", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take back."""
    op.drop_column("bank_accounts", "account")
    for name in ("payment_codes", "window", "accent", *_TEXTS):
        op.drop_column("companies", name)
