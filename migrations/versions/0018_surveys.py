"""Surveys, their versions, and what customers answered"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _create_surveys()
    _create_answers()


def downgrade() -> None:
    """Take back."""
    for table in ("survey_answers", "survey_versions", "surveys"):
        op.drop_table(table)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _create_surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        _refers("surveys", "company_id", "companies"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("company_id", "key", name=op.f("uq_surveys_company_id_key")),
    )
    op.create_table(
        "survey_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        _refers("survey_versions", "survey_id", "surveys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_versions")),
        sa.UniqueConstraint("survey_id", "number", name=op.f("uq_survey_versions_survey_id_number")),
    )


def _create_answers() -> None:
    table = "survey_answers"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        _refers(table, "company_id", "companies"),
        _refers(table, "survey_id", "surveys"),
        _refers(table, "version_id", "survey_versions"),
        _refers(table, "customer_id", "customers"),
        _refers(table, "link_id", "signed_links"),
        _refers(table, "enrolment_id", "workflow_enrolments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        sa.UniqueConstraint("link_id", name=op.f("uq_survey_answers_link_id")),
    )
    op.create_index(op.f("ix_survey_answers_survey_id_answered_at"), table, ["survey_id", "answered_at"])
    op.create_index(op.f("ix_survey_answers_customer_id"), table, ["customer_id"])
