"""Sessions: reading and writing transactions, and the only commit."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import closing
from typing import Any
from weakref import WeakSet

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, Executable, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, SessionTransaction

from arfollow.database.engines import WRITE
from arfollow.database.tables import Table

db = SQLAlchemy(model_class=Table, session_options={"expire_on_commit": False})

_KEPT = "kept"
_refresh: list[Callable[[Session, frozenset[int]], None]] = []
_refresh_everybody: list[Callable[[Session, int], None]] = []
_seal: list[Callable[[Session], None]] = []
_committed: WeakSet[Session] = WeakSet()


def begin_write(session: Session) -> None:
    """Open the session's transaction for writing; first thing in it, since a read that upgrades fails on SQLite."""
    session.connection(execution_options={WRITE: True})


def current_session() -> Session:
    """The session of this request or app context."""
    session: Session = db.session()
    return session


def insert_into(session: Session, table: type[Table]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what happens on conflict, in the words of the session's database."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def plain_rows(
    session: Session, statement: Executable, parameters: Mapping[str, Any]
) -> CursorResult[*tuple[Any, ...]]:
    """Columns as they are, past the ORM, which takes longer about a short statement than the database does."""
    session.flush()
    return session.connection().execute(statement, parameters)


def kept(session: Session) -> dict[Hashable, Any]:
    """What this transaction has read of customers and need not read again: it is empty once something may have changed.

    That is after `touch`, after ORM objects were written, after a lock for which others may have been waited for (`waited`),
    and in the next transaction. Who writes past the ORM says so by `touch`, afterwards.
    """
    session.flush()
    found: dict[Hashable, Any] = session.info.setdefault(_KEPT, {})
    return found


def touch(session: Session, customer_ids: Iterable[int]) -> None:
    """Say that what the list shows of these customers may have changed; `commit` refreshes them."""
    session.info.pop(_KEPT, None)
    session.info.setdefault("touched", set()).update(customer_ids)


def touch_everybody(session: Session, company_id: int) -> None:
    """Say that what the list shows of all customers of the company may have changed."""
    session.flush()
    for refresher in _refresh_everybody:
        refresher(session, company_id)


def waited(session: Session) -> None:
    """Say that rows were locked: what others have committed meanwhile is to be seen. On SQLite nobody else has."""
    if session.get_bind().dialect.name == "postgresql":
        session.info.pop(_KEPT, None)


def on_refresh(refresher: Callable[[Session, frozenset[int]], None]) -> None:
    """Register what `commit` runs for touched customers; `app.py` does, once."""
    if refresher not in _refresh:
        _refresh.append(refresher)


def on_refresh_everybody(refresher: Callable[[Session, int], None]) -> None:
    """Register what `touch_everybody` runs; `app.py` does, once."""
    if refresher not in _refresh_everybody:
        _refresh_everybody.append(refresher)


def on_seal(sealer: Callable[[Session], None]) -> None:
    """Register what `commit` runs last, inside the transaction: the chatter's head is locked there."""
    if sealer not in _seal:
        _seal.append(sealer)


def commit(session: Session) -> None:
    """Refresh the stored list for touched customers, seal the chatter, commit. Nothing else commits."""
    touched = frozenset(session.info.pop("touched", ()))
    if touched:
        session.flush()
        for refresher in _refresh:
            refresher(session, touched)
    for sealer in _seal:
        sealer(session)
    session.commit()
    _committed.add(session)


def has_committed(session: Session) -> bool:
    """Whether anything that this session did has been committed, ever: then it cannot be run again as a whole."""
    return session in _committed


def one_at_a_time(session: Session, *, number: int, among_many: bool = False) -> None:
    """Until this transaction ends, no other gets past here with that number. On SQLite one writes at a time anyway.

    Those that are `among_many` get past together, but not together with one that is not.
    Only within our own schema: another tenant of the same database has nothing to wait for.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock_shared if among_many else func.pg_advisory_xact_lock
        session.execute(select(lock(number, func.hashtext(func.current_schema()))))


def checkpoint(session: Session) -> None:
    """After a commit: let SQLite write its log into its file and empty it, so that what was erased is in neither."""
    if session.get_bind().dialect.name == "sqlite":
        session.rollback()
        engine = session.get_bind().engine
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def analyze(session: Session) -> None:
    """After a commit that changed much: let the database look at its tables, since it plans by what it saw last."""
    session.rollback()
    engine = session.get_bind().engine
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(_analyze_postgresql())
    else:
        with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            _analyze_sqlite(connection)


def analyze_within(session: Session) -> None:
    """The same in the midst of a transaction that writes very much: nobody else, such as autovacuum, sees what it wrote."""
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_analyze_postgresql())
    else:
        _analyze_sqlite(connection)


def _analyze_postgresql() -> str:
    # Ours by name: another tenant's may stand in another schema of the same database. Who looks at one keeps others from
    # looking until its transaction ends: those need not wait.
    return f"ANALYZE (SKIP_LOCKED) {', '.join(table.name for table in Table.metadata.sorted_tables)}"


def _analyze_sqlite(connection: Connection) -> None:
    # Other connections read what was seen when the schema changes, as by a table that is made anew.
    connection.exec_driver_sql("DROP TABLE IF EXISTS sqlite_stat1")
    connection.exec_driver_sql("ANALYZE")


@event.listens_for(Session, "after_transaction_end")
def _keep_nothing(session: Session, transaction: SessionTransaction) -> None:
    # Each flush that writes is such a transaction, each savepoint, and the whole.
    del transaction
    session.info.pop(_KEPT, None)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, previous_transaction: object) -> None:
    del previous_transaction
    if not session.in_transaction():
        session.info.clear()
