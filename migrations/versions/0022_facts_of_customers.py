"""Sales representatives of customers, when and where a campaign is, and keys of programs that post events"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

locks_briefly = (
    "the new column of customers is empty: it is added, and its reference checked, without reading them"
)

_TEXTS = {"time": 5, "place": None, "map_link": None}


def upgrade() -> None:
    """Apply."""
    # SQLite takes a new reference only together with its column.
    op.execute(
        "ALTER TABLE customers ADD COLUMN sales_id INTEGER"
        " CONSTRAINT fk_customers_sales_id_users REFERENCES users (id)"
    )
    op.add_column("customer_lists", sa.Column("day", sa.Date(), nullable=True))
    for name, length in _TEXTS.items():
        op.add_column(
            "customer_lists", sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_api_keys_company_id_companies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_keys_public_id")),
    )
    op.create_index(op.f("ix_api_keys_company_id"), "api_keys", ["company_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("api_keys")
    for name in ("day", *_TEXTS):
        op.drop_column("customer_lists", name)
    op.drop_column("customers", "sales_id")
