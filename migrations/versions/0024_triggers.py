"""What enrols customers by itself, and what the worker remembers of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

locks_briefly = "Workflows and events are new: no ledger has any yet."

_ADDED = {
    "customer_events": ["handled"],
    "workflow_versions": ["wants"],
    "workflow_enrolments": ["event_id", "told_from", "paths"],
    "workflow_positions": ["held", "took"],
}
_OPEN = "ix_workflow_positions_enrolment_id_whenever_event_id"


def upgrade() -> None:
    """Apply."""
    _create_triggers()
    _create_campaigns()
    _widen_events()
    _widen_workflows()


def downgrade() -> None:
    """Take back."""
    for table in ("workflow_campaigns", "workflow_looks", "workflow_triggers"):
        op.drop_table(table)
    op.drop_index(op.f(_OPEN), "workflow_positions")
    op.drop_index("ix_workflow_positions_due", "workflow_positions")
    op.create_index(op.f("ix_workflow_positions_due_at"), "workflow_positions", ["due_at"])
    op.drop_index("ix_customer_events_new", "customer_events")
    op.drop_index(op.f("ix_customer_events_company_id_at"), "customer_events")
    op.create_index(op.f("ix_customer_events_company_id_id"), "customer_events", ["company_id", "id"])
    for table, columns in _ADDED.items():
        for column in columns:
            op.drop_column(table, column)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _create_triggers() -> None:
    table = "workflow_triggers"
    op.create_table(
        table,
        sa.Column("workflow_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("looks", sa.Boolean(), nullable=False),
        _instant("fires_from"),
        sa.Column("scanned_to", sa.Date(), nullable=True),
        _refers(table, "company_id", "companies"),
        _refers(table, "version_id", "workflow_versions"),
        _refers(table, "workflow_id", "workflows"),
        sa.PrimaryKeyConstraint("workflow_id", name=op.f("pk_workflow_triggers")),
    )
    op.create_index(op.f("ix_workflow_triggers_company_id"), table, ["company_id"])
    looks = "workflow_looks"
    op.create_table(
        looks,
        sa.Column("customer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("days_from", sa.Date(), nullable=False),
        _refers(looks, "company_id", "companies"),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_workflow_looks")),
    )
    op.create_index(op.f("ix_workflow_looks_company_id"), looks, ["company_id"])


def _create_campaigns() -> None:
    table = "workflow_campaigns"
    op.create_table(
        table,
        sa.Column("workflow_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        _refers(table, "list_id", "customer_lists"),
        _refers(table, "workflow_id", "workflows"),
        sa.PrimaryKeyConstraint("workflow_id", "list_id", name=op.f("pk_workflow_campaigns")),
    )
    op.create_index(op.f("ix_workflow_campaigns_list_id"), table, ["list_id"])


def _widen_events() -> None:
    table = "customer_events"
    op.add_column(table, sa.Column("handled", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index(op.f("ix_customer_events_company_id_id"), table)
    op.create_index(op.f("ix_customer_events_company_id_at"), table, ["company_id", "at"])
    _create_partial("ix_customer_events_new", table, ["at", "id"], where="handled")


def _widen_workflows() -> None:
    op.add_column("workflow_versions", sa.Column("wants", sa.JSON(), server_default="[]", nullable=False))
    table = "workflow_enrolments"
    op.add_column(table, sa.Column("event_id", sa.Integer(), nullable=True))
    op.add_column(table, _instant("told_from", nullable=True))
    op.add_column(table, sa.Column("paths", sa.Integer(), server_default="0", nullable=False))
    table = "workflow_positions"
    op.add_column(table, sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column(table, sa.Column("took", sa.JSON(), server_default="{}", nullable=False))
    op.drop_index(op.f("ix_workflow_positions_due_at"), table)
    _create_partial("ix_workflow_positions_due", table, ["due_at", "id"], where="held")
    op.create_index(op.f(_OPEN), table, ["enrolment_id", "whenever", "event_id"], unique=True)


def _create_partial(name: str, table: str, columns: list[str], *, where: str) -> None:
    """Of the rows where that is not so, in the words in which each database is asked."""
    op.create_index(
        name,
        table,
        columns,
        sqlite_where=sa.text(f"{where} = 0"),
        postgresql_where=sa.text(f"NOT {where}"),
    )
