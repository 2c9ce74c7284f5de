import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session

from arfollow.database import alembic_config, is_migrated, migrate, migrations_folder, open_engine
from arfollow.database.indexes import create_index, drop_index
from arfollow.database.migrating import NoSchemaError
from tests.crash.processes import in_processes


@pytest.mark.parametrize("other", ["new_sqlite_file", "new_postgresql"])
def test_many_processes_may_migrate_a_new_database_at_once(other, request):
    url = request.getfixturevalue(other)

    in_processes(4, lambda _: migrate(url))

    with reading(url) as session:
        assert is_migrated(session)


@pytest.fixture
def new_sqlite_file(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'new.sqlite3'}"


@contextmanager
def reading(url: str) -> Iterator[Session]:
    engine = open_engine(url)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.mark.parametrize(("version", "migrated"), [("0001", False), ("9999", True), (None, False)])
def test_only_a_database_of_an_earlier_version_is_not_migrated(engine, version, migrated):
    with Session(engine) as session:
        session.execute(text("DELETE FROM alembic_version"))
        if version:
            session.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})

        assert is_migrated(session) is migrated


def test_an_empty_database_is_not_migrated(new_postgresql):
    with reading(new_postgresql) as session:
        assert not is_migrated(session)


@contextmanager
def migration(connection: Connection) -> Iterator[None]:
    """The block is what a migration does."""
    context = MigrationContext.configure(connection)
    with Operations.context(context), context.begin_transaction():
        yield
    connection.commit()


def test_an_index_is_made_beside_the_work_and_what_failed_before_is_mended(engine):
    engine.dispose()
    with engine.connect() as connection, migration(connection):
        create_index("ix_new", "customers", ["city"])
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_new'::regclass")
            )
        with engine.connect() as connection, migration(connection):
            create_index("ix_new", "customers", ["city"])
        with engine.connect() as connection:
            valid = text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_new'::regclass")
            assert connection.scalar(valid) is True
    assert "ix_new" in [index["name"] for index in inspect(engine).get_indexes("customers")]

    with engine.connect() as connection, migration(connection):
        drop_index("ix_new", "customers")

    assert "ix_new" not in [index["name"] for index in inspect(engine).get_indexes("customers")]


def test_a_schema_that_may_not_be_made_is_said_in_words(new_postgresql):
    engine = open_engine(new_postgresql)
    with engine.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS tenant"))
        connection.execute(text("CREATE ROLE tenant LOGIN"))
    engine.dispose()

    with pytest.raises(NoSchemaError, match="CREATE SCHEMA tenant_a AUTHORIZATION"):
        migrate(new_postgresql.replace("postgres@", "tenant@") + "&schema=tenant_a")


MIGRATION = '''"""One more."""

from alembic import op
from sqlalchemy import Column, String

from arfollow.database.indexes import create_index, drop_index

revision = "9001"
down_revision = "{head}"


def upgrade():
    {up}


def downgrade():
    {down}
'''


def with_migration(url: str, folder: Path, up: str, down: str = "pass") -> Config:
    """The migrations, and one more."""
    migrations = shutil.copytree(migrations_folder(), folder / "migrations")
    config = alembic_config(url)
    head = ScriptDirectory.from_config(config).get_current_head()
    (migrations / "versions" / "9001_more.py").write_text(MIGRATION.format(head=head, up=up, down=down))
    config.set_main_option("script_location", str(migrations))
    return config


def test_a_migration_of_an_index_goes_up_and_down(engine, engine_url, tmp_path):
    up, down = 'create_index("ix_new", "customers", ["city"])', 'drop_index("ix_new", "customers")'
    config = with_migration(engine_url, tmp_path, up, down)
    engine.dispose()

    command.upgrade(config, "head")
    upper = inspect(engine).get_indexes("customers")
    engine.dispose()
    command.downgrade(config, "-1")
    lower = inspect(engine).get_indexes("customers")

    assert [index["name"] for index in upper if index not in lower] == ["ix_new"]


def test_a_migration_that_cannot_have_a_table_lets_others_pass_and_comes_again(
    copied_postgresql_url, tmp_path
):
    config = with_migration(
        copied_postgresql_url, tmp_path, 'op.add_column("customers", Column("wide", String))'
    )
    engine = open_engine(copied_postgresql_url)

    with engine.connect() as long_reader, engine.connect() as others:
        long_reader.execute(text("SELECT count(*) FROM customers"))
        migration = Thread(target=command.upgrade, args=(config, "head"))
        migration.start()
        # Without a time-out of the migration's own these would wait for it, and it for the long reader.
        until = monotonic() + 5
        while monotonic() < until:
            others.execute(text("SET LOCAL statement_timeout = '20s'"))
            others.execute(text("SELECT count(*) FROM customers"))
            others.rollback()
        assert migration.is_alive()
        long_reader.rollback()
        migration.join(60)

    assert "wide" in [column["name"] for column in inspect(engine).get_columns("customers")]
    with Session(engine) as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "9001"
    engine.dispose()
