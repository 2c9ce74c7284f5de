from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from arfollow import database
from arfollow.chatter.documents import store
from arfollow.chatter.operations import record
from arfollow.chatter.tables import ChatterEntry
from arfollow.database import Table, alembic_config, open_engine


def test_migration_and_tables_agree(engine_url):
    tables = {table.name for table in Table.metadata.sorted_tables if table.name.startswith("chatter_")}
    engine = open_engine(engine_url)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, Table.metadata)
    engine.dispose()

    assert ChatterEntry.__tablename__ in tables
    assert [each for each in differences if "chatter" in str(each) or "documents" in str(each)] == []


def test_going_down_and_up_again_leaves_the_same_triggers(engine_url, session):
    letter = store(session, media_type="application/pdf", content=b"%PDF letter")
    record(session, company_id=1, customer_id=7, tag="letter:printed", who="Ana", text="", documents=[letter])
    database.commit(session)
    session.close()
    before = triggers(engine_url)

    command.downgrade(alembic_config(engine_url), "0001")
    between = triggers(engine_url)
    command.upgrade(alembic_config(engine_url), "head")

    assert between == []
    assert triggers(engine_url) == before


def triggers(url: str) -> list[str]:
    """The names of all triggers of our own."""
    engine = open_engine(url)
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
    }
    with engine.connect() as connection:
        names = list(connection.scalars(text(query[engine.dialect.name])))
    engine.dispose()
    return names
