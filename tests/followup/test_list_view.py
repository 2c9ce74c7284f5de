from urllib.parse import parse_qsl

import pytest

from arfollow.followup.queries.list_view import (
    ME,
    NOBODY,
    SORTS,
    ListView,
    Sort,
    View,
    parse,
    parse_query,
)
from arfollow.followup.rules import Band, Status


def test_an_address_without_arguments_is_the_days_work():
    assert parse({}) == ListView(view=View.ACTION, sort=Sort.URGENCY)


@pytest.mark.parametrize(
    ("view", "sort", "descending"),
    [
        (View.ACTION, Sort.URGENCY, False),
        (View.OVERDUE, Sort.OLDEST, True),
        (View.ALL, Sort.CUSTOMER, False),
    ],
)
def test_each_view_has_its_usual_order(view, sort, descending):
    found = parse({"view": view.value})

    assert (found.sort, found.descending) == (sort, descending)


@pytest.mark.parametrize(
    "arguments",
    [
        {"view": "everything"},
        {"sort": "name; DROP TABLE customers"},
        {"sort": "next"},
        {"direction": "desc"},
        {"level": "-1"},
        {"level": "1e3"},
        {"level": "99999999999999999999"},
        {"level": "²"},
        {"responsible": "7 OR 1=1"},
        {"responsible": "0"},
        {"status": "overdue"},
        {"band": "not_listed"},
        {"page": "0"},
        {"page": "99999999999"},
        {"q": "   "},
        {"q": "\0"},
        {"currency": "eur"},
        {"currency": "EURO"},
        {"unknown": "1"},
    ],
    ids=str,
)
def test_what_is_not_offered_is_left_at_the_usual(arguments):
    assert parse(arguments) == parse({})


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"band": "task"}, {"band": Band.TASK}),
        ({"level": "12"}, {"level_id": 12}),
        ({"responsible": "me"}, {"responsible": ME}),
        ({"responsible": "none"}, {"responsible": NOBODY}),
        ({"responsible": "7"}, {"responsible": "7"}),
        ({"q": "  Bäckerei   Ümit "}, {"text": "Bäckerei Ümit"}),
        ({"q": "x" * 500}, {"text": "x" * 100}),
        ({"page": "3"}, {"page": 3}),
        ({"sort": "overdue"}, {"sort": Sort.OVERDUE, "descending": True}),
        ({"sort": "overdue", "direction": "asc"}, {"sort": Sort.OVERDUE}),
        ({"sort": "total", "currency": "CHF"}, {"sort": Sort.TOTAL, "descending": True, "currency": "CHF"}),
    ],
    ids=str,
)
def test_an_argument_chooses_what_it_names(arguments, found):
    assert parse(arguments) == ListView(**found)


def test_the_list_of_all_customers_can_be_filtered_by_status():
    assert parse({"status": "overdue"}, view=View.ALL).status is Status.OVERDUE


@pytest.mark.parametrize(
    "list_view",
    [
        ListView(),
        ListView(band=Band.CASH, level_id=3, responsible=ME, text="a&b=c ü%", page=4),
        ListView(view=View.OVERDUE, sort=Sort.OLDEST, descending=False, status=Status.ACTION),
        ListView(view=View.OVERDUE, sort=Sort.OLDEST, descending=True),
        ListView(view=View.ALL, sort=Sort.TOTAL, descending=True, currency="CHF", responsible="7"),
        ListView(sort=Sort.CUSTOMER, descending=True),
    ],
    ids=lambda view: view.query,
)
def test_an_address_says_all_of_its_view(list_view):
    assert parse(list_view.arguments()) == list_view


def test_a_customers_address_carries_the_view_but_not_its_page():
    opened = ListView(responsible=ME, text="a&b", page=4)

    assert parse_query(opened.query) == ListView(responsible=ME, text="a&b")
    assert dict(parse_qsl(opened.query)) == {"view": "action", "responsible": "me", "q": "a&b"}


@pytest.mark.parametrize("query", ["", "&&&=", "view=%00&page=x", "a=1&" * 5000])
def test_a_query_that_nobody_wrote_is_the_usual_view(query):
    assert parse_query(query) == ListView()


def test_another_view_keeps_the_filters_that_every_view_has():
    seen = ListView(band=Band.TASK, level_id=3, responsible=ME, text="x", sort=Sort.TOTAL, page=2).seen_as(
        View.ALL
    )

    assert seen == ListView(view=View.ALL, level_id=3, responsible=ME, text="x", sort=Sort.CUSTOMER)


@pytest.mark.parametrize("view", View)
def test_a_second_click_on_a_column_turns_its_order(view):
    for sort in SORTS[view]:
        first = ListView(view=view, sort=Sort.URGENCY, page=3).sorted_by(sort)
        second = first.sorted_by(sort)

        assert (first.page, second.page) == (1, 1)
        assert second.descending is not first.descending
