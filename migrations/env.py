"""Alembic's environment: the tables of every subject, no batch mode (it drops triggers), and nobody kept waiting."""

from __future__ import annotations

from importlib import import_module

from alembic import context
from sqlalchemy import Connection

from arfollow.database import Table, open_engine
from arfollow.database.migrating import only_migration, run_when_free

SUBJECTS = (
    "chatter",
    "companies",
    "users",
    "receivables",
    "tasks",
    "profiles",
    "levels",
    "fence",
    "delivery",
    "followup",
    "setup",
    "workflows",
)

for subject in SUBJECTS:
    import_module(f"arfollow.{subject}.tables")


def run() -> None:
    """Run the migrations over a connection of our own."""
    engine = open_engine(context.config.get_main_option("sqlalchemy.url") or "")
    try:
        with only_migration(engine):
            run_when_free(engine, _migrate)
    finally:
        engine.dispose()


def _migrate(connection: Connection) -> None:
    """A transaction for each migration on PostgreSQL, so that no lock is held longer than its own takes."""
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        transactional_ddl=True,
        transaction_per_migration=connection.dialect.name == "postgresql",
    )
    with context.begin_transaction():
        context.run_migrations()


run()
