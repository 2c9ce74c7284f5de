import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from arfollow.cli import main
from arfollow.config import BadSettingError, from_environment

NO_DATABASE = "Error: ARFOLLOW_DATABASE_URL: It names no database that arfollow knows."


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command with these settings, in a folder of its own."""
    monkeypatch.setenv("ARFOLLOW_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ARFOLLOW_DATABASE_URL", raising=False)

    def one(*words, **settings):
        for name, value in settings.items():
            monkeypatch.setenv(f"ARFOLLOW_{name}", value)
        return CliRunner().invoke(main, words)

    return one


@pytest.mark.parametrize("command", ["init", "aging"])
@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("DATABASE_URL", "nonsense", NO_DATABASE),
        ("DATABASE_URL", "mysql://ana:secret@host/ledger", NO_DATABASE),
        ("DATABASE_URL", "sqlite:////no/such/folder/x", "The database cannot be used: unable to open"),
        ("DATABASE_URL", "postgresql://ana:secret@127.0.0.1:1/x", "The database cannot be used: connection"),
        ("DATA_DIR", "/dev/null", "Error: ARFOLLOW_DATA_DIR: /dev/null: File exists."),
        ("TRUSTED_PROXIES", "many", "ARFOLLOW_TRUSTED_PROXIES: 'many' is no number of proxies"),
        ("TRUSTED_PROXIES", "-1", "ARFOLLOW_TRUSTED_PROXIES: '-1' is no number of proxies"),
    ],
)
def test_a_setting_that_cannot_be_used_is_said_in_words(run, command, setting, value, words):
    answer = run(command, **{setting: value})

    assert answer.exit_code == 1
    assert words in answer.stderr
    assert "secret" not in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("command", ["init", "aging", "serve"])
def test_a_file_that_is_no_database_is_said_to_be_none(run, tmp_path, command):
    (tmp_path / "arfollow.sqlite3").write_text("Dear diary, today I was a database." * 100)

    answer = run(command)

    assert answer.exit_code == 1
    assert "The database cannot be used: file is not a database" in answer.stderr


def test_a_disk_that_is_full_is_said_and_nothing_is_half_done(run, tmp_path, monkeypatch):
    run("init")
    file = tmp_path / "customers.csv"
    file.write_text("customer,name\n" + "".join(f"C-{number},{'long ' * 50}\n" for number in range(2000)))
    with monkeypatch.context() as patch:
        patch.setattr("arfollow.database.engines._PRAGMAS", ("foreign_keys=ON", "max_page_count=150"))

        answer = run("import", str(file))

    assert answer.exit_code == 1
    assert "The database cannot be used: database or disk is full." in answer.stderr
    with sqlite3.connect(tmp_path / "arfollow.sqlite3") as ledger:
        assert ledger.execute("SELECT count(*) FROM customers").fetchone() == (0,)
    assert run("chatter", "verify").exit_code == 0


def test_a_setting_that_is_empty_is_not_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    settings = from_environment({"ARFOLLOW_DATA_DIR": "", "ARFOLLOW_DATABASE_URL": ""})

    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'arfollow.sqlite3'}"


def test_a_secret_key_that_was_never_written_is_not_used(tmp_path):
    (tmp_path / "secret.key").touch()

    with pytest.raises(BadSettingError, match="Remove it, and a new key is made"):
        from_environment({"ARFOLLOW_DATA_DIR": str(tmp_path)})


def test_a_secret_key_is_made_once(tmp_path):
    first, second = (from_environment({"ARFOLLOW_DATA_DIR": str(tmp_path)}) for _ in range(2))

    assert first.secret_key == second.secret_key != ""
    assert Path(tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
