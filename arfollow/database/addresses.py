"""Addresses of databases: which driver they mean, and which schema of a PostgreSQL database."""

from __future__ import annotations

import re

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from arfollow.config import BadSettingError

_NAME = "ARFOLLOW_DATABASE_URL"
# Names that need no quotes anywhere: not in SQL, not in an address, not among a server's options.
_SCHEMA = re.compile(r"(?!pg_)[a-z_][a-z0-9_]{0,62}")
_SEARCH_PATH = re.compile(r"\s*(?:-c\s*|--)search_path=(\S*)")


def engine_url(url: str) -> URL:
    """The URL with the driver that we use for its database; raise BadSettingError for any but these two.

    `?schema=tenant_a` becomes an option of the connection: `search_path`, and nothing beside that schema in it.
    """
    # What was given is not quoted: it may hold a password.
    unknown = BadSettingError(
        _NAME,
        "It names no database that arfollow knows. Give postgresql://user:password@host/database "
        "or sqlite:////folder/file.sqlite3.",
    )
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise unknown from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql", "postgres"):
        raise unknown
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed if parsed.get_backend_name() == "sqlite" else _with_search_path(parsed)


def schema_of(url: URL) -> str | None:
    """The schema that an address as `engine_url` gives it names; None: the one that the server chooses."""
    found = _SEARCH_PATH.findall(options_of(url))
    return found[-1] if found else None


def options_of(url: URL) -> str:
    """What the address asks of the server at the start of each connection, as `-cname=value`; empty: nothing."""
    options = url.query.get("options", "")
    return options if isinstance(options, str) else " ".join(options)


def _with_search_path(url: URL) -> URL:
    named = {*_SEARCH_PATH.findall(options_of(url)), *url.normalized_query.get("schema", ())}
    if not named:
        return url
    if len(named) > 1 or not _SCHEMA.fullmatch(schema := named.pop()):
        # With two of them, what is missing in the first would be taken from the second: another tenant's, perhaps.
        raise BadSettingError(
            _NAME,
            "Its schema has to be one name of lower-case letters, digits and underscores: ?schema=tenant_a",
        )
    rest = _SEARCH_PATH.sub("", options_of(url))
    options = f"{rest} -csearch_path={schema}".strip()
    return url.difference_update_query(["schema"]).update_query_dict({"options": options})
