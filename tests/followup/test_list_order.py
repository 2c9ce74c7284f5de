"""A customer's place in a view, and what every sort asks of the database."""

import pytest
from sqlalchemy import text

from arfollow.followup.queries.list_filters import found_by_text
from arfollow.followup.queries.list_order import ids_of_page, neighbours, next_customer
from arfollow.followup.queries.list_view import SORTS, ListView, Sort, View, parse
from tests.plans import flaws, plan_of, recorded

ORDERS = [
    {"view": view.value, "sort": sort.value, "direction": direction, "currency": currency}
    for view in View
    for sort in SORTS[view]
    for direction in ("asc", "desc")
    for currency in (("EUR", "CHF") if sort in (Sort.OVERDUE, Sort.TOTAL) else ("",))
]


def title(arguments):
    return " ".join(value for value in arguments.values() if value)


class TestNeighbours:
    @pytest.mark.parametrize("arguments", ORDERS, ids=title)
    def test_places_and_neighbours_are_those_of_the_pages(self, reader, look, arguments):
        shown = [(entry.customer_id, entry.number) for entry in look(arguments).entries]
        numbers = [None, *(number for _, number in shown), None]

        for place, (customer_id, _) in enumerate(shown, start=1):
            with reader.site.reading() as session:
                found = neighbours(session, reader.scope(), parse(arguments), customer_id)
            assert (found.position, found.total) == (place, len(shown))
            assert (found.previous, found.next) == (numbers[place - 1], numbers[place + 1])

    def test_a_customer_that_the_filters_leave_out_has_no_place(self, reader):
        with reader.site.reading() as session:
            found = neighbours(session, reader.scope(), ListView(text="zeta"), reader.ids["Begun"])

        assert (found.position, found.total, found.previous, found.next) == (None, 1, None, None)

    def test_a_customer_far_down_has_neighbours_and_no_place(self, reader, look):
        entries = look({"view": "all"}).entries

        with reader.site.reading() as session:
            found = [
                neighbours(session, reader.scope(), parse({"view": "all"}), entry.customer_id, counted=2)
                for entry in entries[:3]
            ]

        assert [each.position for each in found] == [1, 2, None]
        assert found[2].previous == entries[1].number

    def test_another_companys_customer_has_no_place(self, reader, look):
        foreign = look({"view": "all"}, company_id=reader.site.company_id + 1).entries[0]

        with reader.site.reading() as session:
            found = neighbours(session, reader.scope(), ListView(view=View.ALL), foreign.customer_id)

        assert found.position is None


class TestNextCustomer:
    @pytest.fixture
    def following(self, reader):
        numbers = {entry.number: entry.name for entry in reader.look({"view": "all"}).entries}

        def one(name, arguments=None):
            with reader.site.reading() as session:
                view = parse(arguments or {})
                return numbers.get(next_customer(session, reader.scope(), view, after=reader.ids[name]))

        return one

    def test_the_next_of_the_view_follows(self, following):
        assert following("Bäckerei Ümit") == "Zeta"
        assert following("Bäckerei Ümit", {"responsible": "me"}) == "Reviewed"

    def test_after_the_last_comes_the_first(self, following):
        assert following("Covered") == "Bounced"

    def test_after_somebody_who_is_not_in_the_view_comes_its_first(self, following):
        assert following("Settled") == "Bounced"

    def test_an_invoice_s_number_leads_to_its_customer(self, following):
        assert following("Settled", {"q": "2026-0815"}) == "Zeta"

    def test_after_the_only_one_comes_nobody(self, following):
        assert following("Covered", {"band": "cash"}) is None

    def test_in_an_empty_view_comes_nobody(self, following):
        assert following("Covered", {"q": "nobody at all"}) is None


class TestPlans:
    """What each engine does to show the first page and a customer's place: it reads an index in its order."""

    @pytest.mark.parametrize("arguments", ORDERS, ids=title)
    def test_no_sort_reads_everything_or_sorts_it(self, reader, arguments):
        view, customer_id = parse(arguments), reader.ids["Zeta"]

        with reader.site.reading() as session, recorded(session) as statements:
            ids_of_page(session, reader.scope(), view, size=50)
            neighbours(session, reader.scope(), view, customer_id)

        # One read of the company's currency aside.
        assert len(statements) >= 4
        with reader.site.reading() as session:
            assert [flaw for statement in statements for flaw in flaws(session, statement)] == []

    def test_a_text_is_looked_up_in_an_index(self, reader):
        with reader.site.reading() as session, recorded(session) as statements:
            found_by_text(session, reader.scope(), "umit")

        with reader.site.reading() as session:
            search = next(statement for statement in statements if "LIKE" in statement[0])
            assert "ix_list_rows" in " ".join(plan_of(session, search))
            if session.get_bind().dialect.name == "postgresql":
                # Of a table as small as this one PostgreSQL would never ask it.
                assert session.scalar(
                    text("SELECT 1 FROM pg_indexes WHERE indexname = 'ix_list_rows_name_parts'")
                )
