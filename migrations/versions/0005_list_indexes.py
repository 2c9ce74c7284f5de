"""Indexes in which the filters of the list are answered"""

from __future__ import annotations

from arfollow.database.indexes import create_index, drop_index

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FILTERS = ["level_id", "responsible_id"]
SORTS = {
    "ix_list_rows_action_band": ["company_id", "status", "band", "due_key", "customer_id"],
    "ix_list_rows_action_name": ["company_id", "status", "name_key", "customer_id"],
    "ix_list_rows_action_due": ["company_id", "status", "due_key", "customer_id"],
    "ix_list_rows_overdue_name": ["company_id", "has_overdue", "name_key", "customer_id"],
    "ix_list_rows_overdue_due": ["company_id", "has_overdue", "due_key", "customer_id"],
    "ix_list_rows_overdue_next": ["company_id", "has_overdue", "next_key", "customer_id"],
    "ix_list_rows_all_name": ["company_id", "name_key", "customer_id"],
    "ix_list_rows_all_due": ["company_id", "due_key", "customer_id"],
    "ix_list_rows_all_next": ["company_id", "next_key", "customer_id"],
}
NEW = {
    "ix_list_rows_action_next": ["company_id", "status", "next_key", "customer_id", *FILTERS],
    "ix_list_rows_level": ["company_id", "level_id", "responsible_id", "status", "band"],
    "ix_list_rows_responsible": ["company_id", "responsible_id", "status", "band"],
}


def upgrade() -> None:
    """Apply."""
    for name, columns in SORTS.items():
        drop_index(name, "list_rows")
        create_index(name, "list_rows", [*columns, *FILTERS])
    for name, columns in NEW.items():
        create_index(name, "list_rows", columns)


def downgrade() -> None:
    """Take back."""
    for name in NEW:
        drop_index(name, "list_rows")
    for name, columns in SORTS.items():
        drop_index(name, "list_rows")
        create_index(name, "list_rows", columns)
