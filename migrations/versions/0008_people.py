"""Who is responsible for which customers by rule, and who stands in for whom"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "customers",
        sa.Column("responsible_by_rule", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _create_rules()
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("stand_in_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_absences_days")),
        sa.CheckConstraint("user_id <> stand_in_id", name=op.f("ck_absences_somebody_else")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_absences_company_id_companies")
        ),
        sa.ForeignKeyConstraint(["stand_in_id"], ["users.id"], name=op.f("fk_absences_stand_in_id_users")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_absences_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_company_id_last_day"), "absences", ["company_id", "last_day"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_absences_company_id_last_day"), table_name="absences")
    op.drop_table("absences")
    op.drop_table("responsibility_versions")
    op.drop_table("responsibility_rules")
    op.drop_column("customers", "responsible_by_rule")


def _create_rules() -> None:
    op.create_table(
        "responsibility_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=12), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_responsibility_rules_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_responsibility_rules_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility_rules")),
        sa.UniqueConstraint(
            "company_id", "position", name=op.f("uq_responsibility_rules_company_id_position")
        ),
    )
    op.create_table(
        "responsibility_versions",
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("applied", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_responsibility_versions_company_id_companies")
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_responsibility_versions")),
    )
