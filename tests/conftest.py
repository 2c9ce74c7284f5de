"""What any test may ask for; the fixtures themselves stand in tests/fixtures, by what they give."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

# Two test processes share two cores with whatever else runs; in CI the examples are the same every time.
settings.register_profile("arfollow", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("arfollow")

pytest_plugins = [
    "tests.fixtures.apps",
    "tests.fixtures.databases",
    "tests.fixtures.ledgers",
    "tests.fixtures.servers",
    "tests.fixtures.browsers",
    "tests.fixtures.mail",
    "tests.fixtures.gateway",
]

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_finish() -> None:
    """What stays until the end, such as thousands of tests, is never looked through for garbage again."""
    gc.freeze()
    gc.set_threshold(20_000)


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
