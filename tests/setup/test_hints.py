"""What an empty page says, by who reads it."""

import re

import pytest

from arfollow.access import Permission, Role
from arfollow.web.addresses import page_at

EMPTY = ["/follow-ups", "/customers", "/deliveries", "/letters", "/runs"]
READS = pytest.mark.parametrize("path", EMPTY)


def hint(visitor, path):
    """The empty state of a page."""
    return re.search(r'<div class="empty-state">(.*?)</div>\s*</', visitor.get(path).text, re.DOTALL)[1]


def links(text):
    return re.findall(r'<a [^>]*href="(/[^"]*)"', text)


@READS
@pytest.mark.parametrize("role", Role)
def test_nobody_is_sent_where_the_role_does_not_lead(sqlite_site, path, role):
    visitor = sqlite_site.sign_in(role)

    for address in links(hint(visitor, path)):
        assert visitor.get(address).status_code == 200


@pytest.mark.parametrize("path", ["/follow-ups", "/customers"])
def test_an_administrator_is_led_to_the_import(sqlite_site, path):
    visitor = sqlite_site.sign_in(Role.ADMINISTRATOR)

    assert len(links(hint(visitor, path))) == 1


@pytest.mark.parametrize("path", ["/deliveries", "/letters", "/runs"])
def test_a_clerk_is_led_to_the_list_and_an_auditor_nowhere(sqlite_site, path):
    clerk, auditor = sqlite_site.sign_in(Role.CLERK), sqlite_site.sign_in(Role.AUDITOR)

    assert links(hint(clerk, path)) == ["/follow-ups"]
    assert links(hint(auditor, path)) == []


def test_a_page_that_nobody_serves_is_no_address(sqlite_site):
    with sqlite_site.app.test_request_context("/"):
        assert page_at("/nowhere") is None
        assert page_at("/sign-in") == "/sign-in"
        assert page_at("/settings/sending") is None
        assert Permission.ADMINISTER is sqlite_site.app.view_functions["fence.sending"].permission
