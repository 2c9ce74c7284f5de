from collections.abc import Iterator

import pytest

from arfollow.app import create_app
from tests.fixtures.apps import make_settings, make_site
from tests.followup.list_ledger import Reader, make_reader


@pytest.fixture(scope="module")
def reader(shared_url, tmp_path_factory) -> Iterator[Reader]:
    """Ana before a ledger that shows everything the list can; it is for reading, on both engines."""
    app = create_app(make_settings(shared_url, tmp_path_factory.mktemp("reader")))
    with make_site(app) as site:
        yield make_reader(site)


@pytest.fixture
def look(reader):
    """Gives pages of the list."""
    return reader.look
