"""What any test may ask for; the fixtures themselves stand in tests/fixtures, by what they give."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.servers", "tests.fixtures.browsers"]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of cases, ledgers and formats beside the checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not beside this checkout")
    return folder
