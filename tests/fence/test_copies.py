"""Restores and copies as people make them."""

import os
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.fence import jobs, operations, witness
from arfollow.fence.queries import standing
from arfollow.fence.rules import Reason
from tests.fence.conftest import House


def copied_over(house, kept):
    """`cp`: the file keeps its inode."""
    house.file.write_bytes(kept.read_bytes())


def moved_over(house, kept):
    """`rsync`, `tar`, `mv`: another file in its place."""
    shutil.copy2(kept, house.file.with_name("new"))
    house.file.with_name("new").replace(house.file)


@pytest.mark.parametrize("put_back", [copied_over, moved_over])
def test_a_database_that_is_put_back_beside_a_newer_file_is_caught(file_house, tmp_path, put_back):
    kept = file_house.copy_file(tmp_path / "kept")
    file_house.count()
    file_house.copy_file(tmp_path / "last")

    put_back(file_house, kept)

    assert file_house.reason() in {Reason.OLDER_DATABASE, Reason.ELSEWHERE}


@pytest.mark.parametrize("hours", [1, 2, 3])
def test_a_folder_that_is_put_back_over_itself_is_caught(file_house, tmp_path, hours):
    file_house.copy_file(tmp_path / "unused")
    shutil.copytree(file_house.file.parent, tmp_path / "kept")
    for _ in range(hours):
        file_house.count()
    file_house.copy_file(tmp_path / "last")

    for file in (tmp_path / "kept").iterdir():
        file_house.file.with_name(file.name).write_bytes(file.read_bytes())

    assert file_house.reason() is Reason.OLDER_DATABASE


def test_a_folder_that_is_removed_and_put_back_is_caught(file_house, tmp_path):
    folder = file_house.file.parent
    file_house.copy_file(tmp_path / "unused")
    shutil.copytree(folder, tmp_path / "kept")
    if witness.place_of(file_house.file).born is None:
        pytest.skip("this file system does not say when a file was made")

    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "kept", folder)

    assert file_house.reason() is Reason.ELSEWHERE


def test_a_copy_of_the_whole_folder_is_caught_and_the_original_goes_on(file_house, tmp_path):
    file_house.copy_file(tmp_path / "unused")
    shutil.copytree(file_house.file.parent, tmp_path / "copy")
    copy = House(f"sqlite:///{tmp_path}/copy/{file_house.file.name}")

    assert copy.reason() is Reason.ELSEWHERE
    assert file_house.may_send()


def test_a_copy_of_the_database_alone_is_caught(file_house, tmp_path):
    copy = House(f"sqlite:///{file_house.copy_file(tmp_path / 'copy.sqlite3')}")

    assert copy.reason() is Reason.NO_FILE


def test_a_folder_that_is_renamed_goes_on_sending(file_house, tmp_path):
    file_house.copy_file(tmp_path / "unused")
    moved = file_house.file.parent.rename(tmp_path / "moved")

    assert House(f"sqlite:///{moved}/{file_house.file.name}").may_send()


def test_rights_and_times_of_the_files_do_not_matter(file_house):
    for file in file_house.file.parent.iterdir():
        file.chmod(0o600)
        os.utime(file, (0, 0))

    assert file_house.may_send()


def test_a_file_from_before_is_caught(file_house):
    [kept] = file_house.file.parent.glob("*.fence-*")
    content = kept.read_bytes()
    file_house.count()
    file_house.count()
    for file in file_house.file.parent.glob("*.fence-*"):
        file.unlink()
    kept.write_bytes(content)

    assert file_house.reason() is Reason.OLDER_FILE


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"epoch": 1}', b"\xff"])
def test_a_file_that_was_edited_speaks_for_nobody(file_house, content):
    [file] = file_house.file.parent.glob("*.fence-*")
    file.write_bytes(content)

    assert file_house.reason() is Reason.OTHER_EPOCH


def test_a_crash_between_database_and_file_closes_nothing(file_house, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(witness, "write", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            file_house.count()

    assert file_house.may_send()
    assert file_house.count() == file_house.count() - 1
    assert file_house.may_send()


def crash_before_the_commit(house, work):
    with suppress(KeyboardInterrupt), house.writing() as session:
        work(session)
        raise KeyboardInterrupt


def test_a_crash_in_the_first_start_closes_nothing(sqlite_url):
    house = House(sqlite_url)
    crash_before_the_commit(house, operations.lets_through)

    assert house.may_send()


def test_a_crash_while_confirming_leaves_it_closed(file_house):
    with file_house.writing() as session:
        operations.close(session, because=Reason.BY_HAND)
    crash_before_the_commit(file_house, partial(operations.confirm, reason="Because", who="Eva"))

    assert file_house.reason() is Reason.BY_HAND
    file_house.confirm()
    assert file_house.may_send()


def test_the_count_rises_no_oftener_than_it_has_to(file_house):
    first = file_house.count()
    with file_house.writing() as session:
        session.rollback()
        jobs.keep_count(session)

    assert file_house.count() == first + 1


def test_a_database_made_from_another_as_a_template_is_caught(server_house, postgres_url):
    name = server_house.url.split("/postgres@/")[-1].partition("?")[0]
    copy = House(server_house.url.replace(name, f"{name}_copy"))
    administrate(postgres_url, "CREATE DATABASE {} TEMPLATE {}", f"{name}_copy", name)
    try:
        assert copy.reason() is Reason.OTHER_DATABASE
        assert server_house.may_send()
    finally:
        administrate(postgres_url, "DROP DATABASE {} WITH (FORCE)", f"{name}_copy")


def test_rows_that_are_put_back_in_the_same_database_are_caught(server_house):
    with server_house.writing() as session:
        session.execute(text("CREATE TABLE kept AS TABLE fence"))
    with server_house.writing() as session:
        session.execute(text("TRUNCATE fence"))
        session.execute(text("INSERT INTO fence SELECT * FROM kept"))

    assert server_house.reason() is Reason.REWRITTEN


@pytest.mark.parametrize(
    ("part", "reason"), [("system", Reason.OTHER_SERVER), ("timeline", Reason.OTHER_TIMELINE)]
)
def test_another_server_and_a_point_in_time_recovery_are_caught(server_house, part, reason):
    with server_house.writing() as session:
        values = "jsonb_set(server::jsonb, CAST(:path AS text[]), '\"other\"')::json"
        by = "pg_current_xact_id()::text::bigint % 4294967296"
        statement = text(f"UPDATE fence SET server = {values}, written_by = {by}")
        session.execute(statement, {"path": f"{{{part}}}"})

    assert server_house.reason() is reason


def test_the_server_tells_who_it_is(server_house):
    with server_house.writing() as session:
        known = standing(session).server

    assert len(known.timeline) == 8
    assert known.system.isdecimal()
    assert known.database > 0


def test_a_vacuum_that_rewrites_the_table_does_not_matter(server_house):
    with psycopg.connect(server_house.url, autocommit=True) as connection:
        connection.execute("VACUUM (FULL, FREEZE) fence")

    assert server_house.may_send()


def test_a_server_that_does_not_tell_still_sends(server_house):
    role = f"plain_{uuid4().hex}"
    with server_house.writing() as session:
        for function in ("pg_control_system()", "pg_walfile_name(pg_lsn)"):
            session.execute(text(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC"))
        session.execute(text(f"CREATE ROLE {role} LOGIN"))
        session.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"))

    may_send = House(server_house.url.replace("postgres@", f"{role}@")).may_send()
    with server_house.writing() as session:
        session.execute(text(f"DROP OWNED BY {role}"))
        session.execute(text(f"DROP ROLE {role}"))

    assert may_send


def administrate(url, statement, *names):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def test_a_database_in_memory_has_no_fence():
    engine = database.open_engine("sqlite://")
    with Session(engine) as session:
        assert witness.database_file(session) is None
    engine.dispose()


def test_paths_are_followed(file_house, tmp_path):
    link = tmp_path / "link.sqlite3"
    link.symlink_to(file_house.file)

    assert House(f"sqlite:///{link}").may_send()
    assert not list(Path(tmp_path).glob("link*fence*"))
