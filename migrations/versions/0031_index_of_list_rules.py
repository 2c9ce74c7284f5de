"""The index in which the worker finds rows of the list made by earlier rules"""

from __future__ import annotations

from arfollow.database.indexes import create_index, drop_index

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NAME = "ix_list_rows_rules_version"


def upgrade() -> None:
    """Apply."""
    create_index(NAME, "list_rows", ["company_id", "rules_version"])


def downgrade() -> None:
    """Take back."""
    drop_index(NAME, "list_rows")
