"""Indexes in which text messages and those who write them are found"""

from __future__ import annotations

import sqlalchemy as sa

from arfollow.database.indexes import create_index, drop_index

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TEXTS = {
    "ix_deliveries_reference": ["reference"],
    "ix_deliveries_texts_message_id": ["message_id"],
    "ix_deliveries_texts_recipient": ["recipient", "id"],
}
NUMBERS = {"ix_customers_phone_number": "customers", "ix_contacts_phone_number": "contacts"}


def upgrade() -> None:
    """Apply."""
    is_text = sa.text("channel = 'sms'")
    for name, columns in TEXTS.items():
        create_index(name, "deliveries", columns, sqlite_where=is_text, postgresql_where=is_text)
    for name, table in NUMBERS.items():
        create_index(name, table, ["phone_number"])


def downgrade() -> None:
    """Take back."""
    for name, table in NUMBERS.items():
        drop_index(name, table)
    for name in TEXTS:
        drop_index(name, "deliveries")
