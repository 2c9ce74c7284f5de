"""What all tables share: their base, the names of their constraints, and our column types."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, MetaData, String
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from arfollow.values.refusals import Remark
from arfollow.values.remarks import brought_back, kept


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite stores it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes: nobody knows which zone they meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone.")
        return (
            value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)
        )

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC whatever zone the connection talks in."""
        del dialect
        return (
            None
            if value is None
            else (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))
        )


_JSON = '{"'
"""What a remark and a text begin with as JSON."""


class Explanation(TypeDecorator[str]):
    """A text; a Remark keeps its message and values, so that each reader gets it in their own language."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """A remark as JSON, and so a text that could be taken for one."""
        del dialect
        if isinstance(value, Remark):
            return json.dumps(kept(value), ensure_ascii=False)
        return json.dumps(value, ensure_ascii=False) if value and value[0] in _JSON else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """The remark again; any other text as it is, also one that was written before remarks were kept."""
        del dialect
        if not value or value[0] not in _JSON:
            return value
        try:
            return brought_back(json.loads(value))
        except (ValueError, LookupError, TypeError):
            return value


_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    """Base of all tables; a plain declarative base, so that mypy sees its columns."""

    registry = registry(
        metadata=MetaData(naming_convention=_NAMES),
        type_annotation_map={datetime: Instant, dict[str, Any]: JSON, list[Any]: JSON},
    )


Minor = BigInteger
"""Column type of an amount in minor units."""
