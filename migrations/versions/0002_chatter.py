"""The chatter, its documents, and the triggers that keep both append-only"""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ENTRY = ["company_id", "chain", "sequence"]
SQL = Path(__file__).resolve().parent.parent / "sql"
TABLES = (
    "documents",
    "chatter_heads",
    "chatter_people",
    "chatter_entries",
    "chatter_personal",
    "chatter_entry_documents",
)


def upgrade() -> None:
    """Apply."""
    _create_tables()
    for statement in _trigger_statements():
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Take back."""
    for table in reversed(TABLES):
        op.drop_table(table)
    for function in re.findall(r"(?m)^CREATE FUNCTION (\w+)", "\n".join(_trigger_statements())):
        op.execute(f"DROP FUNCTION {function}()")


def _trigger_statements() -> list[str]:
    bind = op.get_bind()
    script = (SQL / f"0002_chatter_{bind.dialect.name}.sql").read_text(encoding="utf-8")
    if bind.dialect.name == "postgresql":
        # The statement itself says where its function is: a node that repeats it may look elsewhere.
        schema = bind.scalar(sa.text("SELECT quote_ident(current_schema())"))
        script = script.replace("EXECUTE FUNCTION ", f"EXECUTE FUNCTION {schema}.")
    return script.split("\n--------\n")[1:]


def _create_tables() -> None:
    op.create_table(
        "documents",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_documents")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chatter_heads",
        sa.Column("company_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("chain", sa.String(16), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "chain", name=op.f("pk_chatter_heads")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chatter_people",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_chatter_people")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_chatter_people_company_id_name"), "chatter_people", ["company_id", "name"], unique=True
    )
    op.create_table(
        "chatter_entries",
        *_entry_columns(),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("tag", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("personal", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(*ENTRY, name=op.f("pk_chatter_entries")),
        sqlite_with_rowid=False,
    )
    for column in ("customer_id", "who", "thread"):
        columns = ["company_id", column, "sequence"]
        op.create_index(op.f(f"ix_chatter_entries_{'_'.join(columns)}"), "chatter_entries", columns)
    op.create_table(
        "chatter_personal",
        *_entry_columns(),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint(*ENTRY, name=op.f("pk_chatter_personal")),
        _of_entry("chatter_personal"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "chatter_entry_documents",
        *_entry_columns(),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(*ENTRY, "position", name=op.f("pk_chatter_entry_documents")),
        sa.ForeignKeyConstraint(
            ["sha256"], ["documents.sha256"], name=op.f("fk_chatter_entry_documents_sha256")
        ),
        _of_entry("chatter_entry_documents"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_chatter_entry_documents_sha256_company_id"),
        "chatter_entry_documents",
        ["sha256", "company_id"],
    )


def _entry_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("company_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("chain", sa.String(16), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False, autoincrement=False),
    ]


def _of_entry(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ENTRY,
        [f"chatter_entries.{column}" for column in ENTRY],
        name=op.f(f"fk_{table}_company_id_chain_sequence"),
        deferrable=True,
        initially="DEFERRED",
    )
