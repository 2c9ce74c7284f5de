import pytest
from flask import Flask

from arfollow.web.addresses import is_own_path, own_path_of, url_with


@pytest.mark.parametrize(
    ("location", "own"),
    [
        ("/", True),
        ("/customers/C-1?tab=all#top", True),
        ("", False),
        ("customers", False),
        ("//evil.example", False),
        ("//[", False),
        ("/\\evil.example", False),
        ("\\\\evil.example", False),
        ("https://evil.example/", False),
        ("http:/evil", False),
        ("javascript:alert(1)", False),
        ("/a\nb", False),
        (" /", False),
        ("/\t/evil.example", False),
    ],
)
def test_only_a_path_of_this_site_is_its_own(location, own):
    assert is_own_path(location) is own


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("http://localhost/customers/C-1?tab=all#top", "/customers/C-1?tab=all"),
        ("http://localhost/", "/"),
        ("", ""),
        ("http://[", ""),
    ],
)
def test_of_a_whole_address_the_path_and_query_are_taken(address, path):
    assert own_path_of(address) == path


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({"sort": "name"}, "/list?level=1&level=2&q=%C3%9Cmit&sort=name"),
        ({"level": None}, "/list?q=%C3%9Cmit"),
        ({"level": 3, "q": None}, "/list?level=3"),
        ({"level": None, "q": None}, "/list"),
    ],
)
def test_an_address_changes_in_what_is_named_alone(changes, address):
    with Flask("test").test_request_context("/list?level=1&level=2&q=Ümit"):
        assert url_with(**changes) == address
