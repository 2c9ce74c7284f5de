from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from arfollow import database
from tests.levels.rows import add_company


@pytest.fixture
def session(engine) -> Iterator[Session]:
    """A session in a write transaction."""
    with Session(engine, expire_on_commit=False) as session:
        database.begin_write(session)
        yield session


@pytest.fixture
def company_id(session) -> int:
    """A company without plans."""
    return add_company(session)
