"""The figures of the list, and indexes in which its filters and its search are answered"""

from __future__ import annotations

from contextlib import suppress

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
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
ALIKE = "status, band, has_overdue, COALESCE(level_id, 0), COALESCE(responsible_id, 0)"


def upgrade() -> None:
    """Apply."""
    _create_figures()
    _create_dues()
    _fill()
    for name, columns in SORTS.items():
        op.drop_index(name, "list_rows")
        op.create_index(name, "list_rows", [*columns, *FILTERS])
    for name, columns in NEW.items():
        op.create_index(name, "list_rows", columns)
    if op.get_bind().dialect.name == "postgresql":
        _index_parts_of_names()


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX IF EXISTS ix_list_rows_name_parts")
    for name in NEW:
        op.drop_index(name, "list_rows")
    for name, columns in SORTS.items():
        op.drop_index(name, "list_rows")
        op.create_index(name, "list_rows", columns)
    op.drop_column("list_amounts", "dues")
    op.drop_table("list_dues")
    op.drop_table("list_figures")


def _create_figures() -> None:
    op.create_table(
        "list_figures",
        sa.Column("company_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("has_overdue", sa.Boolean(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("responsible_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("overdue", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_list_figures_company_id")),
        sa.PrimaryKeyConstraint(
            "company_id",
            "currency",
            "status",
            "band",
            "has_overdue",
            "level_id",
            "responsible_id",
            name=op.f("pk_list_figures"),
        ),
    )


def _create_dues() -> None:
    op.create_table(
        "list_dues",
        sa.Column("company_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_list_dues_company_id")),
        sa.PrimaryKeyConstraint("company_id", "currency", "due_date", name=op.f("pk_list_dues")),
    )
    op.add_column("list_amounts", sa.Column("dues", sa.JSON(), nullable=False, server_default="[]"))
    # The worker fills them in.
    op.execute("UPDATE list_rows SET stale = TRUE")


def _fill() -> None:
    op.execute(
        f"INSERT INTO list_figures SELECT company_id, '', {ALIKE}, COUNT(*), 0"  # noqa: S608 - nothing of it is from outside
        " FROM list_rows GROUP BY company_id, status, band, has_overdue, level_id, responsible_id"
    )
    op.execute(
        "INSERT INTO list_figures"
        " SELECT r.company_id, a.currency, r.status, r.band, r.has_overdue, COALESCE(r.level_id, 0),"
        " COALESCE(r.responsible_id, 0), COUNT(*), SUM(a.overdue)"
        " FROM list_amounts a JOIN list_rows r ON r.customer_id = a.customer_id"
        " GROUP BY r.company_id, a.currency, r.status, r.band, r.has_overdue, r.level_id, r.responsible_id"
    )


def _index_parts_of_names() -> None:
    """Where the server has the extension and lets us use it; else a search reads the names one after the other."""
    connection = op.get_bind()
    with suppress(sa.exc.DBAPIError), connection.begin_nested():
        # Not in a tenant's schema, which could be dropped with what the others use.
        connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
    schema = connection.scalar(
        sa.text("SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'pg_trgm'")
    )
    if schema is not None:
        op.execute(
            f"CREATE INDEX ix_list_rows_name_parts ON list_rows USING gin (name_key {schema}.gin_trgm_ops)"
        )
