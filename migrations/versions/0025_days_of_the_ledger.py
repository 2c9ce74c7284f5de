"""Indexes in which workflows find what falls on a day"""

from __future__ import annotations

from arfollow.database.indexes import create_index, drop_index

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NEW = {
    "ix_invoices_company_id_date": ("invoices", ["company_id", "date"]),
    "ix_instalments_company_id_due_date": ("instalments", ["company_id", "due_date"]),
    "ix_credits_company_id_date": ("credits", ["company_id", "date"]),
}


def upgrade() -> None:
    """Apply."""
    for name, (table, columns) in NEW.items():
        create_index(name, table, columns)


def downgrade() -> None:
    """Take back."""
    for name, (table, _) in NEW.items():
        drop_index(name, table)
