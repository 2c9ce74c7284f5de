"""A customer's links, for the company's own people."""

import re

import pytest

from arfollow.access import Role
from tests.factories import books, standing_still


@pytest.fixture
def site(sqlite_site):
    with standing_still():
        with books(sqlite_site) as book:
            book.debtor("Bäckerei Ümit", ("620.50", 20), number="C-1")
        yield sqlite_site


@pytest.fixture
def clerk(site):
    return site.sign_in(Role.CLERK)


def made(clerk):
    """Make a link to the statement; gives its path."""
    answer = clerk.post("/customers/C-1/links", {"page": "statement"})
    return re.search(r'value="http://127\.0\.0\.1:5000(/l/[^"]+)"', answer.text)[1]


def test_a_link_that_is_made_is_shown_once_and_logged(site, clerk):
    path = made(clerk)
    page = clerk.get("/customers/C-1/links").text

    assert site.visitor().get(path).status_code == 200
    assert "Statement" in page
    assert path not in page
    assert site.entries("link") == [("link:issued", "Link to the page “statement” made")]


def test_a_link_is_revoked(site, clerk):
    path = made(clerk)
    address = re.search(
        r'action="(/customers/C-1/links/\d+/revoke)"', clerk.get("/customers/C-1/links").text
    )[1]

    statuses = [clerk.post(address).status_code for _ in range(2)]

    assert statuses == [303, 409]
    assert site.visitor().get(path).status_code == 410
    assert "revoked" in clerk.get("/customers/C-1/links").text


def test_only_pages_that_make_sense_by_hand_are_offered(clerk):
    assert clerk.post("/customers/C-1/links", {"page": "survey"}).status_code == 422
    assert 'hx-get="/customers/C-1/links"' in clerk.get("/customers/C-1/card").text
