"""On PostgreSQL an index of the parts of names, for the search of the list"""

from __future__ import annotations

from contextlib import suppress

import sqlalchemy as sa
from alembic import op

from arfollow.database import schema_of
from arfollow.database.indexes import create_index, drop_index

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEX = "ix_list_rows_name_parts"


def upgrade() -> None:
    """Apply where the server has the extension and lets us use it; else a search reads the names one after the other."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    if schema_of(connection.engine.url) is None:
        # Not from a tenant's schema: that could be dropped, and the extension with it, which the others use.
        with suppress(sa.exc.DBAPIError), connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    place = connection.scalar(
        sa.text("SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'pg_trgm'")
    )
    if place is not None:
        column = sa.text(f"name_key {place}.gin_trgm_ops")
        create_index(INDEX, "list_rows", [column], postgresql_using="gin")


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "postgresql":
        drop_index(INDEX, "list_rows")
