"""Tables' base, column types, engines, migrations, and the only commit."""

from __future__ import annotations

from arfollow.database.addresses import engine_url, schema_of
from arfollow.database.engines import engine_options, open_engine, sqlite_module
from arfollow.database.failures import again_if_overtaken, is_busy, is_overtaken, pauses
from arfollow.database.migrating import alembic_config, is_migrated, migrate, migrations_folder
from arfollow.database.sessions import (
    analyze,
    analyze_within,
    begin_write,
    checkpoint,
    commit,
    current_session,
    db,
    has_committed,
    insert_into,
    kept,
    on_refresh,
    on_refresh_everybody,
    on_seal,
    one_at_a_time,
    plain_rows,
    touch,
    touch_everybody,
    waited,
)
from arfollow.database.tables import Explanation, Instant, Minor, Table

__all__ = [
    "Explanation",
    "Instant",
    "Minor",
    "Table",
    "again_if_overtaken",
    "alembic_config",
    "analyze",
    "analyze_within",
    "begin_write",
    "checkpoint",
    "commit",
    "current_session",
    "db",
    "engine_options",
    "engine_url",
    "has_committed",
    "insert_into",
    "is_busy",
    "is_migrated",
    "is_overtaken",
    "kept",
    "migrate",
    "migrations_folder",
    "on_refresh",
    "on_refresh_everybody",
    "on_seal",
    "one_at_a_time",
    "open_engine",
    "pauses",
    "plain_rows",
    "schema_of",
    "sqlite_module",
    "touch",
    "touch_everybody",
    "waited",
]
