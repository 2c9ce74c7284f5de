"""Alembic's environment: the tables of every subject, one transaction, no batch mode (it drops triggers)."""

from __future__ import annotations

from importlib import import_module

from alembic import context

from arfollow.database import Table, begin_migration, open_engine

SUBJECTS = (
    "chatter",
    "companies",
    "users",
    "receivables",
    "tasks",
    "levels",
    "fence",
    "delivery",
    "followup",
)

for subject in SUBJECTS:
    import_module(f"arfollow.{subject}.tables")


def run() -> None:
    """Run the migrations over a connection of our own."""
    engine = open_engine(context.config.get_main_option("sqlalchemy.url") or "")
    try:
        with begin_migration(engine) as connection:
            context.configure(connection=connection, target_metadata=Table.metadata, transactional_ddl=True)
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


run()
