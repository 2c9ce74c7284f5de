"""What the list's filters and sorts show."""

import pytest

from arfollow.access import Role
from arfollow.followup.queries.list_view import SORTS, View
from tests.factories import books
from tests.followup.list_ledger import make_reader, names


class TestViewsAndFilters:
    @pytest.mark.parametrize(
        ("arguments", "found"),
        [
            (
                {"view": "overdue"},
                "Bounced Promised Reminded Bäckerei Ümit Zeta Begun Covered Fresh Later Reviewed",
            ),
            ({"responsible": "me"}, "Tasked Bäckerei Ümit Reviewed"),
            ({"responsible": "me", "view": "all"}, "Tasked Bäckerei Ümit Reviewed Fresh"),
            ({"responsible": "none"}, "Bounced Reminded Begun Covered"),
            ({"responsible": "999"}, ""),
            ({"view": "all", "status": "overdue"}, "Fresh Later"),
            ({"view": "all", "status": "none"}, "Coming Settled"),
            ({"view": "overdue", "status": "overdue"}, "Fresh Later"),
            ({"band": "cash"}, "Covered"),
            ({"q": "backerei"}, "Bäckerei Ümit"),
            ({"q": "ÜMIT back"}, "Bäckerei Ümit"),
            ({"q": "p/1"}, "Promised"),
            ({"q": "2026-0815"}, "Zeta"),
            ({"q": "2026-081"}, ""),
            ({"q": "%"}, ""),
            ({"q": "_"}, ""),
            ({"q": "\u0301"}, "Bounced Promised Tasked Reminded Bäckerei Ümit Zeta Begun Reviewed Covered"),
        ],
        ids=str,
    )
    def test_exactly_those_are_shown(self, reader, look, arguments, found):
        page = look(arguments)

        assert sorted(names(page)) == sorted(name for name in reader.ids if name in found)
        assert page.total == len(page.entries)

    def test_a_person_can_be_chosen_by_name(self, reader, look):
        assert names(look({"responsible": str(reader.jan)})) == ["Promised", "Zeta"]

    def test_a_level_can_be_chosen(self, look):
        levels = dict(look().choices.levels)["Standard"]

        assert [level.name for level in levels] == ["Payment reminder", "Second reminder", "Final notice"]
        assert names(look({"level": str(levels[2].id)})) == ["Reviewed"]

    def test_who_stands_in_has_the_others_customers_among_their_own(self, reader):
        mine = reader.look({"responsible": "me"}, works_for=(reader.jan,))

        assert set(names(mine)) == set(
            names(reader.look({"responsible": "me"})) + names(reader.look({"responsible": str(reader.jan)}))
        )
        assert mine.total == len(mine.entries)

    def test_the_responsible_offered_are_the_companys_people(self, look):
        assert [person.name for person in look().choices.people] == ["Ana Maier", "Jan van der Kowalski"]

    def test_another_companys_level_person_and_invoice_find_nobody(self, site):
        here = make_reader(site, filled=False)
        other = site.company("Third Ltd")
        stranger = site.person(Role.AUDITOR, company_id=other)
        with books(site) as book:
            book.debtor("Own")
        with books(site, company_id=other) as book:
            book.invoice(book.customer("Foreign"), "1.00", number="F-1")
        level = dict(here.look(company_id=other).choices.levels)["Standard"][0]

        assert names(here.look({"view": "all"})) == ["Own"]
        for arguments in ({"q": "F-1"}, {"level": str(level.id)}, {"responsible": str(stranger)}):
            assert names(here.look({"view": "all", **arguments})) == []


class TestSorts:
    @pytest.mark.parametrize(
        ("arguments", "order"),
        [
            (
                {"view": "all", "sort": "customer"},
                "Bäckerei Ümit, Begun, Bounced, Coming, Covered, Fresh, Later",
            ),
            ({"view": "all", "sort": "customer", "direction": "desc"}, "Zeta, Tasked, Settled, Reviewed"),
            (
                {"sort": "overdue"},
                "Bäckerei Ümit, Promised, Zeta, Covered, Begun, Bounced, Reminded, Reviewed, Tasked",
            ),
            (
                {"sort": "overdue", "direction": "asc"},
                "Reviewed, Reminded, Bounced, Begun, Covered, Zeta, Promised",
            ),
            (
                {"sort": "overdue", "currency": "CHF"},
                "Zeta, Bäckerei Ümit, Begun, Bounced, Covered, Promised",
            ),
            ({"sort": "total", "currency": "JPY"}, "Promised, Bäckerei Ümit, Begun, Bounced, Covered"),
            ({"view": "overdue", "sort": "total"}, "Bäckerei Ümit, Promised, Zeta, Covered, Begun"),
            ({"view": "overdue", "sort": "oldest"}, "Reviewed, Covered, Later, Promised, Bäckerei Ümit"),
            ({"view": "overdue", "sort": "oldest", "direction": "asc"}, "Fresh, Zeta, Begun, Bounced"),
            ({"view": "all", "sort": "oldest"}, "Reviewed, Covered, Later, Promised"),
        ],
        ids=str,
    )
    def test_the_first_rows_are_in_order(self, look, arguments, order):
        wanted = order.split(", ")

        found = names(look(arguments))

        if arguments.get("sort") == "oldest" and arguments.get("direction") == "asc":
            assert set(found[1:4]) == set(wanted[1:4])
            found[1:4] = wanted[1:4]
        assert found[: len(wanted)] == wanted

    def test_who_is_listed_comes_before_who_comes_later_and_who_never_does(self, look):
        found = names(look({"view": "all", "sort": "next"}))

        assert found[-4:] == ["Later", "Fresh", "Coming", "Settled"]

    @pytest.mark.parametrize("view", View)
    def test_every_order_shows_the_same_customers_once(self, look, view):
        every = set(names(look({"view": view.value})))

        for sort in SORTS[view]:
            for direction in ("asc", "desc"):
                for currency in ("EUR", "CHF", "USD"):
                    page = look(
                        {"view": view.value, "sort": sort.value, "direction": direction, "currency": currency}
                    )
                    assert len(page.entries) == len(every)
                    assert set(names(page)) == every
