from io import BytesIO

import pytest

from arfollow.access import Role
from arfollow.profiles.queries.lists import all_lists, members_page
from tests.factories import books


@pytest.fixture
def visitor(sqlite_site):
    with books(sqlite_site) as book:
        for number in ("C-1", "C-2"):
            book.customer(f"Customer {number}", number=number)
    return sqlite_site.sign_in(Role.MANAGER)


@pytest.fixture
def address(visitor):
    """Of a list."""
    return visitor.post("/lists", {"name": "Open day", "day": "2026-12-10", "time": "18:30"}).location


def members(site, list_id=1):
    with site.reading() as session:
        return [each.number for each in members_page(session, list_id=list_id)]


def test_a_manager_makes_a_campaign(visitor, address):
    text = visitor.get(address).text

    assert "Open day" in text
    assert "Thursday, 10 December 2026" in text
    assert "18:30" in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "open DAY"}, "There is a list"),
        ({"name": "x", "map_link": "javascript:alert(1)"}, "An address begins with https://"),
        ({"name": "x", "time": "25:00"}, "Not a valid time"),
    ],
)
def test_what_cannot_be_a_list_is_refused(visitor, address, fields, words):
    answer = visitor.post("/lists", fields)

    assert answer.status_code == 422
    assert words in answer.text


def test_numbers_are_pasted_and_unknown_ones_named(sqlite_site, visitor, address):
    answer = visitor.post(f"{address}/members", {"numbers": "C-1\nC-9\n"}, follow_redirects=True)

    assert members(sqlite_site) == ["C-1"]
    assert "1 customer is on the list now." in answer.text
    assert "No customer has the number: C-9" in answer.text


def test_a_file_is_taken(sqlite_site, visitor, address):
    file = (BytesIO("customer;name\r\nC-2;Müller\r\n".encode("cp1252")), "members.csv")

    visitor.post(f"{address}/members", {"numbers": "", "file": file}, content_type="multipart/form-data")

    assert members(sqlite_site) == ["C-2"]


def test_nothing_is_no_number(visitor, address):
    answer = visitor.post(f"{address}/members", {"numbers": " \n"})

    assert answer.status_code == 422
    assert "Enter at least one customer number" in answer.text


def test_one_is_taken_off_and_that_is_logged(sqlite_site, visitor, address):
    visitor.post(f"{address}/members", {"numbers": "C-1\nC-2"})

    visitor.post(f"{address}/members/remove", {"number": "C-1"})

    assert members(sqlite_site) == ["C-2"]
    assert sqlite_site.entries("list")[-1] == ("list:removed", "Off the list “Open day”")


def test_a_list_is_deleted(sqlite_site, visitor, address):
    answer = visitor.post(f"{address}/delete", follow_redirects=True)

    assert "is deleted" in answer.text
    with sqlite_site.reading() as session:
        assert list(all_lists(session, company_id=sqlite_site.company_id)) == []


def test_an_export_can_be_put_on_a_list_again(sqlite_site, visitor, address):
    visitor.post(f"{address}/members", {"numbers": "C-1\nC-2"})
    exported = visitor.get(f"{address}?export=plain-csv").data.decode("utf-8-sig")
    again = visitor.post("/lists", {"name": "Again"}).location

    visitor.post(f"{again}/members", {"numbers": exported})

    assert members(sqlite_site, 2) == ["C-1", "C-2"]
