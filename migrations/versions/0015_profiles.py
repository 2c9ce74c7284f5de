"""What is known of customers beside their accounts: own fields, lists, consents, events"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _create_facts()
    _create_lists()
    _create_events()


def downgrade() -> None:
    """Take back."""
    op.drop_table("customer_events")
    op.drop_table("customer_list_members")
    op.drop_table("customer_lists")
    op.drop_table("consents")
    op.drop_table("customer_fields")


def _create_facts() -> None:
    op.create_table(
        "customer_fields",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_customer_fields_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_fields_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("customer_id", "name", name=op.f("pk_customer_fields")),
    )
    op.create_index(
        op.f("ix_customer_fields_company_id_name_day"), "customer_fields", ["company_id", "name", "day"]
    )
    op.create_table(
        "consents",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_consents_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("customer_id", "channel", name=op.f("pk_consents")),
    )


def _create_lists() -> None:
    op.create_table(
        "customer_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_customer_lists_company_id_companies")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_lists")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_customer_lists_company_id_name")),
    )
    op.create_table(
        "customer_list_members",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_list_members_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["list_id"], ["customer_lists.id"], name=op.f("fk_customer_list_members_list_id_customer_lists")
        ),
        sa.PrimaryKeyConstraint("list_id", "customer_id", name=op.f("pk_customer_list_members")),
    )
    op.create_index(op.f("ix_customer_list_members_customer_id"), "customer_list_members", ["customer_id"])


def _create_events() -> None:
    op.create_table(
        "customer_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("of", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_customer_events_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_events_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_events")),
        sa.UniqueConstraint(
            "company_id",
            "customer_id",
            "kind",
            "key",
            name=op.f("uq_customer_events_company_id_customer_id_kind_key"),
        ),
    )
    op.create_index(op.f("ix_customer_events_customer_id_at"), "customer_events", ["customer_id", "at"])
    op.create_index(op.f("ix_customer_events_company_id_id"), "customer_events", ["company_id", "id"])
