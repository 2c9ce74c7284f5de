from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from arfollow import database


@pytest.fixture
def session(engine) -> Iterator[Session]:
    """A session in a write transaction."""
    with Session(engine, expire_on_commit=False) as session:
        database.begin_write(session)
        yield session


@pytest.fixture
def plain(engine_url) -> Iterator[Any]:
    """A driver's connection that knows nothing of arfollow and sets none of its pragmas."""
    if engine_url.startswith("sqlite"):
        connection = database.sqlite_module().connect(make_url(engine_url).database)
    else:
        connection = psycopg.connect(engine_url)
    yield connection
    connection.close()
