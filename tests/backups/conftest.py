from __future__ import annotations

from pathlib import Path

import pytest

from arfollow.backups.making import Made, make_backup
from arfollow.backups.restoring import Restored, restore_backup
from arfollow.clock import now


@pytest.fixture
def new_sqlite(tmp_path) -> str:
    """A SQLite database that does not exist yet, in a folder of its own."""
    (tmp_path / "elsewhere").mkdir()
    return f"sqlite:///{tmp_path / 'elsewhere' / 'arfollow.sqlite3'}"


@pytest.fixture
def new_url(request, engine_url) -> str:
    """A database without tables, on the engine of `engine_url`."""
    return request.getfixturevalue("new_sqlite" if engine_url.startswith("sqlite") else "new_postgresql")


def back_up(url: str, to: Path) -> Made:
    """Back up the database and the folder `data` beside the file, if there is one."""
    return make_backup(
        url=url,
        data_dir=to.parent / "data",
        to=to,
        now=now(),
        begin=lambda _: None,
        progress=lambda _: None,
    )


def restore(path: Path, url: str) -> Restored:
    """Restore into the database and the folder `restored` beside the file."""
    return restore_backup(
        path=path,
        url=url,
        data_dir=path.parent / "restored",
        begin=lambda _: None,
        progress=lambda _: None,
    )
