from datetime import date

import pytest

from arfollow.profiles.operations.lists import (
    Enlisted,
    ListFields,
    ListInUseError,
    ListNameTakenError,
    add_list,
    change_list,
    delete_list,
    enlist,
)
from arfollow.profiles.queries.lists import all_lists, find_line, members_page
from arfollow.profiles.rules import numbers_in
from arfollow.workflows.examples import examples
from arfollow.workflows.operations.beginning import begin_from_example
from arfollow.workflows.operations.campaigns import attach
from arfollow.workflows.operations.drafts import publish, save_draft
from arfollow.workflows.operations.steering import retire
from tests.factories import TODAY, books

BIKES = ListFields(name="Company bikes")


def write(site, operation, **values):
    with site.writing() as session:
        return operation(session, company_id=site.company_id, who="Ana", **values)


@pytest.fixture
def list_id(site):
    with books(site) as book:
        for number in ("C-1", "C-2"):
            book.customer(number=number)
    return write(site, add_list, fields=BIKES)


def line(site, list_id):
    with site.reading() as session:
        return find_line(session, company_id=site.company_id, list_id=list_id)


def test_a_campaign_has_a_day_a_time_and_a_place(site, list_id):
    campaign = ListFields(name="Open day", day=date(2026, 12, 10), time="18:30", place="Hall 3")

    write(site, change_list, list_id=list_id, fields=campaign)

    found = line(site, list_id)
    assert (found.name, found.day, found.time, found.place) == (
        "Open day",
        date(2026, 12, 10),
        "18:30",
        "Hall 3",
    )
    assert [tag for tag, _ in site.entries("list")] == ["list:made", "list:changed"]


def test_campaigns_come_first(site, list_id):
    write(site, add_list, fields=ListFields(name="Zebra", day=TODAY))

    with site.reading() as session:
        assert [each.name for each in all_lists(session, company_id=site.company_id)] == [
            "Zebra",
            "Company bikes",
        ]


def test_a_name_is_given_once_whatever_its_capitals(site, list_id):
    with pytest.raises(ListNameTakenError):
        write(site, add_list, fields=ListFields(name="company BIKES"))


def test_many_are_put_on_it_and_unknown_numbers_are_told(site, list_id):
    first = write(site, enlist, list_id=list_id, numbers=["C-2"], on=TODAY)
    second = write(site, enlist, list_id=list_id, numbers=["C-1", "C-2", "C-9"], on=TODAY)

    assert first == Enlisted(added=1, known=0, unknown=())
    assert second == Enlisted(added=1, known=1, unknown=("C-9",))
    with site.reading() as session:
        assert [each.number for each in members_page(session, list_id=list_id)] == ["C-1", "C-2"]
        assert [each.number for each in members_page(session, list_id=list_id, text="c-2")] == ["C-2"]


def test_a_deleted_list_leaves_its_customers(site, list_id):
    write(site, enlist, list_id=list_id, numbers=["C-1"], on=TODAY)

    write(site, delete_list, list_id=list_id)

    assert line(site, list_id) is None


@pytest.mark.parametrize("number", [6, 13])
def test_a_list_that_a_workflow_uses_keeps_its_name_and_stays(site, list_id, number):
    made = next(each.definition for each in examples() if each.number == number)
    write(site, save_draft, definition=made)
    if number == 13:
        list_id = write(site, add_list, fields=ListFields(name="course participants"))

    with pytest.raises(ListInUseError, match=made.name):
        write(site, delete_list, list_id=list_id)
    with pytest.raises(ListInUseError):
        write(site, change_list, list_id=list_id, fields=ListFields(name="Bikes"))


@pytest.fixture
def attached_id(site, list_id):
    """A workflow that is attached to the list, without naming it."""
    with site.writing() as session:
        made = next(each for each in examples() if each.number == 4)
        workflow_id = begin_from_example(
            session, company_id=site.company_id, example=made, name="Invitation", who="Maria"
        )
    write(site, attach, workflow_id=workflow_id, list_id=list_id, values={})
    write(site, publish, workflow_id=workflow_id)
    return workflow_id


@pytest.mark.usefixtures("attached_id")
def test_a_campaign_with_a_workflow_keeps_its_name_and_stays(site, list_id):
    with pytest.raises(ListInUseError, match="Invitation"):
        write(site, delete_list, list_id=list_id)
    with pytest.raises(ListInUseError):
        write(site, change_list, list_id=list_id, fields=ListFields(name="Bikes"))


def test_a_retired_workflow_lets_go_of_a_campaign(site, list_id, attached_id):
    write(site, retire, workflow_id=attached_id, reason="Over", finish=False)

    write(site, delete_list, list_id=list_id)

    assert line(site, list_id) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        ("C-1\n\n C-2 \nC-1\n", ["C-1", "C-2"]),
        ("customer;name\nC-1;Ümit\nC-2;Nord", ["C-1", "C-2"]),
        ('"C,1","Ann"\nC-2,Bob', ["C,1", "C-2"]),
        ("\ufeffKundennummer\tName\r\nC-1\tÜmit\r\n", ["C-1"]),
    ],
)
def test_numbers_are_found_in_what_was_pasted(text, numbers):
    assert numbers_in(text) == numbers
