"""INSERTs that change the row where there is one, made once for each engine: to build one takes longer than to run it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from arfollow.database import Table

_INSERTS: dict[str, Callable[[type[Table]], postgresql.Insert | sqlite.Insert]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}


def upsert(
    session: Session,
    table: type[Table],
    *,
    key: tuple[str, ...],
    replaced: tuple[str, ...] = (),
    added: tuple[str, ...] = (),
) -> postgresql.Insert | sqlite.Insert:
    """For rows with all columns. Where the key is there already, `replaced` columns are written over, `added` ones added up."""
    return _made(session.get_bind().dialect.name, table, key, replaced, added)


@cache
def _made(
    dialect: str, table: type[Table], key: tuple[str, ...], replaced: tuple[str, ...], added: tuple[str, ...]
) -> postgresql.Insert | sqlite.Insert:
    insert = _INSERTS[dialect](table)
    values = {
        **{name: insert.excluded[name] for name in replaced},
        **{name: getattr(table, name) + insert.excluded[name] for name in added},
    }
    return insert.on_conflict_do_update(index_elements=key, set_=values)
