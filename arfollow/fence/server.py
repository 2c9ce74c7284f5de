"""What tells one PostgreSQL database from another."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from arfollow.fence.rules import Server

_KEY = "arfollow_server"
# A function that may not be called fails even in a branch that is never reached, hence the two questions.
_ASKABLE = text(
    "SELECT has_function_privilege('pg_control_system()', 'execute') AS control, "
    "has_function_privilege('pg_walfile_name(pg_lsn)', 'execute') "
    "AND has_function_privilege('pg_current_wal_insert_lsn()', 'execute') AND NOT pg_is_in_recovery() AS wal, "
    "(SELECT oid::bigint FROM pg_database WHERE datname = current_database()) AS database"
)
_SYSTEM = text("SELECT system_identifier::text FROM pg_control_system()")
_TIMELINE = text("SELECT left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)")


def identity(session: Session) -> Server:
    """The server and database that the session talks to; asked once a connection, which can't change them."""
    known = session.connection().info
    if _KEY not in known:
        known[_KEY] = _ask(session)
    server: Server = known[_KEY]
    return server


def _ask(session: Session) -> Server:
    may = session.execute(_ASKABLE).one()
    return Server(
        system=session.scalar(_SYSTEM) if may.control else None,
        timeline=session.scalar(_TIMELINE) if may.wal else None,
        database=may.database,
    )
