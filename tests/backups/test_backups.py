import json
import os
import stat
import zipfile
from datetime import date
from hashlib import sha256

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.access import Role
from arfollow.backups import restoring, schema
from arfollow.backups.archive import open_archive
from arfollow.backups.loading import RefusedRowsError
from arfollow.backups.restoring import NotEmptyError, OtherRevisionError
from arfollow.backups.rules import DamagedBackupError, NotABackupError, OtherFormatError
from arfollow.chatter.operations import record
from arfollow.companies.tables import Company
from arfollow.fence.queries import standing
from arfollow.fence.rules import Reason
from tests.backups.conftest import back_up, restore
from tests.fixtures.filled import fill

TODAY = date(2026, 11, 21)


@pytest.fixture
def filled(site):
    """The site with one of everything in two companies."""
    for company_id, prefix in ((site.company_id, "OWN"), (site.company(), "OTHER")):
        site.person(Role.CLERK, email=f"{prefix}@x.example", company_id=company_id)
        with site.writing() as session:
            fill(session, company_id=company_id, today=TODAY, prefix=prefix)
            values = {"text": "Grüße \u2028 \\ \" \t \n 'x'; \U0001f600", "company_id": company_id}
            record(session, **values, customer_id=None, tag="note:written", who="Ümit")
    return site


def contents(url: str) -> dict[str, list[str]]:
    """Every table's rows, as the backup would write them."""
    engine = database.open_engine(url)
    with engine.connect() as connection:
        tables = schema.tables_of(connection)
        found = {}
        for name, table in tables.items():
            encoders = [schema.encoder(column) for column in table.columns]
            columns = [column.name for column in table.columns]
            rows = connection.execute(schema.rows_of(table))
            found[name] = [dict(zip(columns, schema.converted(row, encoders), strict=True)) for row in rows]
    engine.dispose()
    return found


@pytest.mark.parametrize("other", ["new_sqlite", "new_postgresql"])
def test_everything_comes_back_on_the_same_engine_and_on_the_other(
    filled, settings, other, tmp_path, request
):
    url = request.getfixturevalue(other)
    before = contents(settings.database_url)
    back_up(settings.database_url, tmp_path / "b.zip")

    restored = restore(tmp_path / "b.zip", url)
    after = contents(url)

    assert restored.is_intact
    assert [report.company_id for report in restored.reports] == [1, 2]
    told = {"fence", "chatter_heads", "chatter_entries", "chatter_personal", "chatter_people"}
    assert {name: rows for name, rows in after.items() if name not in told} == {
        name: rows for name, rows in before.items() if name not in told
    }
    for name in told - {"fence", "chatter_heads"}:
        assert [row for row in before[name] if row not in after[name]] == []
    # That it was restored is an entry of each company, and the only one more.
    assert len(after["chatter_entries"]) == len(before["chatter_entries"]) + 2


def test_a_restored_database_goes_on_where_the_other_stopped(filled, settings, new_url, tmp_path):
    back_up(settings.database_url, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", new_url)

    engine = database.open_engine(new_url)
    with Session(engine) as session:
        database.begin_write(session)
        session.add(Company(name="Third", country="DE", currency="EUR"))
        record(session, company_id=1, customer_id=None, tag="note:written", who="Ana", text="More")
        database.commit(session)
        ids = session.scalars(select(Company.id).order_by(Company.id)).all()
        known = standing(session)
    engine.dispose()

    assert ids == [1, 2, 3]
    assert known.closed_because is Reason.RESTORED
    assert known.backed_up_at is not None


def test_a_backup_is_for_its_owner_alone_and_replaces_nothing(sqlite_url, tmp_path):
    path = tmp_path / "b.zip"
    back_up(sqlite_url, path)
    content = path.read_bytes()

    with pytest.raises(FileExistsError):
        back_up(sqlite_url, path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == content


def test_small_files_come_along_and_what_is_there_stays(sqlite_url, new_sqlite, tmp_path):
    data, restored = tmp_path / "data", tmp_path / "restored"
    (data / "outbox").mkdir(parents=True)
    restored.mkdir()
    (data / "large").write_bytes(bytes(2**20 + 1))
    for name in ("secret.key", "demo", "theirs"):
        (data / name).write_text(f"original {name}")
        (restored / name).write_text(f"new {name}")
    (restored / "demo").unlink()

    made = back_up(sqlite_url, tmp_path / "b.zip")
    kept = restore(tmp_path / "b.zip", new_sqlite).kept

    assert made.left_out == ("large", "outbox")
    assert kept == ["theirs"]
    assert (restored / "secret.key").read_text() == "original secret.key"
    assert (restored / "demo").read_text() == "original demo"
    assert (restored / "theirs").read_text() == "new theirs"


def test_files_of_the_database_and_its_fence_stay_where_they_are(file_database, tmp_path):
    with open_archive(file_database) as archive:
        assert archive.manifest.files.keys() == {"secret.key"}


@pytest.fixture
def file_database(sqlite_url, tmp_path):
    """A backup of a data folder that holds the database too."""
    data = tmp_path / "data"
    data.mkdir()
    for name in ("arfollow.sqlite3", "arfollow.sqlite3-wal", "arfollow.sqlite3.fence-7", "secret.key"):
        (data / name).write_text(name)
    back_up(sqlite_url, tmp_path / "b.zip")
    return tmp_path / "b.zip"


def test_a_crash_while_backing_up_leaves_nothing(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))

    with pytest.raises(KeyboardInterrupt):
        back_up(sqlite_url, tmp_path / "b.zip")

    assert list(tmp_path.glob("b.zip*")) == []


def test_a_restore_that_was_interrupted_is_begun_again(filled, settings, new_url, tmp_path, monkeypatch):
    back_up(settings.database_url, tmp_path / "b.zip")
    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_write_files", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            restore(tmp_path / "b.zip", new_url)

    assert restore(tmp_path / "b.zip", new_url).is_intact


def test_a_database_with_something_in_it_is_left_alone(filled, settings, tmp_path):
    back_up(settings.database_url, tmp_path / "b.zip")
    before = contents(settings.database_url)

    with pytest.raises(NotEmptyError):
        restore(tmp_path / "b.zip", settings.database_url)

    assert contents(settings.database_url) == before


def changed(path, change):
    """The archive with its members as `change` gives them; None leaves one out."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in members.items():
            if (result := change(name, content)) is not None:
                new.writestr(name, result)


def manifest_with(**values):
    """A change of the manifest."""

    def change(name, content):
        return json.dumps(json.loads(content) | values) if name == "manifest.json" else content

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda name, content: None if name == "manifest.json" else content, NotABackupError),
        (lambda name, content: b"{}" if name == "manifest.json" else content, NotABackupError),
        (manifest_with(format=2), OtherFormatError),
        (manifest_with(revision="9999"), OtherFormatError),
        (manifest_with(heads=[]), DamagedBackupError),
        (
            lambda name, content: None if name == "tables/companies.jsonl" else content,
            DamagedBackupError,
        ),
        (
            lambda name, content: content.replace(b"ACME", b"ACNE") if "companies" in name else content,
            DamagedBackupError,
        ),
        (
            lambda name, content: content[: content.rindex(b"\n[")] if "companies" in name else content,
            DamagedBackupError,
        ),
    ],
)
def test_a_damaged_backup_restores_nothing(sqlite_site, new_sqlite, tmp_path, change, problem):
    sqlite_site.company()
    back_up(f"sqlite:///{tmp_path}/arfollow.sqlite3", tmp_path / "b.zip")
    changed(tmp_path / "b.zip", change)

    with pytest.raises(problem):
        restore(tmp_path / "b.zip", new_sqlite)

    engine = create_engine(new_sqlite)
    with engine.connect() as connection:
        is_made = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'companies'")).first()
        assert is_made is None or connection.execute(text("SELECT 1 FROM companies")).first() is None
    engine.dispose()


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04"])
def test_what_is_no_backup_is_refused(content, new_sqlite, tmp_path):
    (tmp_path / "b.zip").write_bytes(content)

    with pytest.raises(NotABackupError):
        restore(tmp_path / "b.zip", new_sqlite)


def test_tables_of_another_version_are_left_alone(sqlite_url, migrated_sqlite, tmp_path):
    back_up(sqlite_url, tmp_path / "b.zip")
    changed(tmp_path / "b.zip", manifest_with(revision="0001"))

    with pytest.raises(OtherRevisionError):
        restore(tmp_path / "b.zip", sqlite_url)


def test_the_triggers_of_the_log_are_on_while_it_is_loaded(filled, settings, new_url, tmp_path):
    back_up(settings.database_url, tmp_path / "b.zip")

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        first, second, *others = archive.read("tables/chatter_entries.jsonl").splitlines(keepends=True)
        manifest = json.loads(archive.read("manifest.json"))
    swapped = b"".join([second, first, *others])
    manifest["tables"]["chatter_entries"]["sha256"] = sha256(swapped).hexdigest()
    news = {"tables/chatter_entries.jsonl": swapped, "manifest.json": json.dumps(manifest)}
    changed(tmp_path / "b.zip", news.get)

    with pytest.raises(RefusedRowsError, match="chatter: an entry must follow the head"):
        restore(tmp_path / "b.zip", new_url)
