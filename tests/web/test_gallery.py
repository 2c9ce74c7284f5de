import pytest

from arfollow.access import Role
from arfollow.app import create_app
from tests.fixtures.apps import make_settings, make_site


@pytest.mark.parametrize(("development", "status"), [(True, 200), (False, 404)])
def test_components_are_shown_only_to_those_who_write_pages(sqlite_url, tmp_path, development, status):
    settings = make_settings(sqlite_url, tmp_path, development=development)

    with make_site(create_app(settings)) as site:
        assert site.sign_in(Role.CLERK).get("/components").status_code == status
