"""Text messages: what gateways report and customers write, and telephone numbers as machines compare them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Numbers are read by the worker."""
    op.add_column("deliveries", sa.Column("reference", sa.String(), nullable=True))
    op.add_column("deliveries", sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
    for table in ("customers", "contacts"):
        op.add_column(table, sa.Column("phone_number", sa.String(length=20), nullable=True))
    op.create_table(
        "received_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_received_texts_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_received_texts_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_texts")),
        sa.UniqueConstraint("reference", "sender", name=op.f("uq_received_texts_reference_sender")),
    )
    op.create_index(
        op.f("ix_received_texts_company_id_settled_at"), "received_texts", ["company_id", "settled_at"]
    )
    op.create_index(op.f("ix_received_texts_customer_id"), "received_texts", ["customer_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("received_texts")
    for table in ("contacts", "customers"):
        op.drop_column(table, "phone_number")
    for name in ("delivered_at", "reference"):
        op.drop_column("deliveries", name)
