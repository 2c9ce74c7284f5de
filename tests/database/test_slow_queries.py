import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from arfollow.config import Connections
from arfollow.database import engine_options, engine_url

SLOW = {
    "sqlite": (
        "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 200000)\n"
        "SELECT count(*) FROM numbers WHERE n <> :name"
    ),
    "postgresql": "SELECT pg_sleep(0.02)\nWHERE CAST(:name AS text) <> ''",
}


@pytest.fixture
def ask(logging):
    """Asks a slow question and a quick one on the database of an address; gives the lines of the log."""

    def run(url: str, slow_ms: int) -> list[dict[str, object]]:
        engine = create_engine(engine_url(url), **engine_options(url, Connections(slow_ms=slow_ms)))
        with capture_logs() as lines, Session(engine) as session:
            session.execute(text(SLOW[engine.dialect.name]), {"name": "Mallory"})
        engine.dispose()
        return lines

    return run


def test_a_slow_statement_is_logged_without_its_values(ask, request):
    for name in SLOW:
        [line] = ask(request.getfixturevalue(f"{name}_url"), 5)

        assert line["event"] == "slow query"
        assert line["ms"] >= 5
        assert "\n" not in line["sql"]
        assert "Mallory" not in str(line)


@pytest.mark.parametrize("slow_ms", [0, 60_000])
def test_others_are_not(ask, slow_ms, postgresql_url):
    assert ask(postgresql_url, slow_ms) == []
