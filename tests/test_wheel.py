import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

FOLDERS = {
    "templates": "arfollow/templates",
    "migrations": "arfollow/migrations",
    "arfollow/static": "arfollow/static",
    "arfollow/translations": "arfollow/translations",
    "arfollow/workflows/examples": "arfollow/workflows/examples",
}


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as file:
        yield file


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    wheel.extractall(folder)
    return folder


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_wheel_holds_every_file_of(folder, root, wheel):
    files = [
        path for path in (root / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]

    expected = {f"{FOLDERS[folder]}/{path.relative_to(root / folder)}" for path in files}

    assert expected - set(wheel.namelist()) == set()


def test_the_wheel_holds_only_the_package_and_its_licences(wheel):
    tops = {name.partition("/")[0] for name in wheel.namelist()}

    assert {top.partition("-")[0] for top in tops} == {"arfollow"}


ONE_PAGE = """
import arfollow.app, arfollow.config
app = arfollow.app.create_app(arfollow.config.from_environment())
answer = app.test_client().get("/sign-in")
assert arfollow.__file__.startswith({folder!r}), arfollow.__file__
assert app.jinja_loader.searchpath[0].startswith({folder!r}), app.jinja_loader.searchpath
assert answer.status_code == 200, answer.status
"""


def test_the_wheel_makes_a_database_and_serves_a_page(installed, tmp_path):
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "ARFOLLOW_DATA_DIR": str(tmp_path / "data"),
    }
    environment.pop("ARFOLLOW_DATABASE_URL", None)

    for code in (
        "import sys; from arfollow.cli import main; sys.argv[1:] = ['init', '--company', 'ACME']; main()",
        ONE_PAGE.format(folder=str(installed)),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 0, done.stderr
