"""What a level attaches to its e-mail, whom its to-do is for, and the files that go with it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

locks_briefly = "a ledger has a few dozen levels, and the new columns are added without reading them"


def upgrade() -> None:
    """Apply."""
    for name in ("attach_letter", "attach_items"):
        op.add_column("levels", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "levels", sa.Column("responsible", sa.String(length=8), nullable=False, server_default="customer")
    )
    # SQLite takes a new reference only together with its column.
    op.execute(
        "ALTER TABLE levels ADD COLUMN responsible_id INTEGER"
        " CONSTRAINT fk_levels_responsible_id REFERENCES users (id)"
    )
    op.create_table(
        "level_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["level_id"], ["levels.id"], name=op.f("fk_level_files_level_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_files")),
        sa.UniqueConstraint("level_id", "filename", name=op.f("uq_level_files_level_id_filename")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("level_files")
    for name in ("responsible_id", "responsible", "attach_items", "attach_letter"):
        op.drop_column("levels", name)
