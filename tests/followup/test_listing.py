"""The list's queries: what a page shows agrees with what it counts and adds up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from arfollow.companies.tables import Company
from arfollow.followup.jobs import bring_up_to_date
from arfollow.followup.operations.refresh import mark_stale
from arfollow.followup.queries import list_figures, list_filters, list_selection, listing
from arfollow.followup.queries.customer import company_terms
from arfollow.followup.queries.list_entry import Person
from arfollow.followup.queries.list_view import View
from arfollow.followup.rules import Band
from arfollow.levels.defaults import default_plan
from arfollow.levels.operations import change_plan, plans
from arfollow.levels.queries import plan_ids
from arfollow.levels.rules.explaining import Code
from arfollow.values.money import Money, totals
from tests.factories import TODAY, books
from tests.followup.list_ledger import entry_of, make_reader, names


class TestBands:
    def test_the_most_urgent_band_comes_first_and_says_how_many_it_holds(self, look):
        page = look()

        assert [(run.band, run.customers, names(run)) for run in page.runs] == [
            (Band.UNDELIVERED, 1, ["Bounced"]),
            (Band.PROMISE_BROKEN, 1, ["Promised"]),
            (Band.TASK, 1, ["Tasked"]),
            (Band.MANUAL, 1, ["Reminded"]),
            (Band.LEVEL, 2, ["Bäckerei Ümit", "Zeta"]),
            (Band.STARTED, 1, ["Begun"]),
            (Band.REVIEW, 1, ["Reviewed"]),
            (Band.CASH, 1, ["Covered"]),
        ]
        assert names(page) == [name for run in page.runs for name in names(run)]

    def test_only_urgency_shows_bands(self, look):
        assert look({"sort": "customer"}).runs == ()

    def test_within_a_band_the_oldest_debt_comes_first(self, look):
        assert names(look({"band": "level"})) == ["Bäckerei Ümit", "Zeta"]


class TestEntry:
    def test_it_shows_what_is_owed_by_currency_the_companys_own_first(self, look):
        zeta = entry_of(look(), "Zeta")

        assert zeta.overdue == (Money("EUR", 30000), Money("CHF", 90000))
        assert zeta.total == zeta.overdue

    def test_days_late_count_from_the_oldest_open_item(self, look):
        page = look(view=View.ALL)

        assert entry_of(page, "Bäckerei Ümit").oldest_days == 31
        assert entry_of(page, "Coming").oldest_days is None
        assert entry_of(page, "Settled").oldest_days is None

    def test_the_aging_bar_is_in_one_currency_and_adds_up_to_its_total(self, look):
        aging = entry_of(look(), "Bäckerei Ümit").aging

        assert aging.currency == "EUR"
        assert dict(aging.buckets) == {
            "not due": 1000,
            "1-30": 62050,
            "31-60": 62000,
            "61-90": 0,
            "91-120": 0,
            "> 120": 0,
        }

    def test_the_aging_bar_is_in_a_currency_that_something_is_overdue_in(self, site):
        here = make_reader(site, filled=False)
        with books(site) as book:
            customer = book.debtor("Foreign", ("10.00", -5))
            book.invoice(customer, "7.00", late=20, currency="CHF")

        assert entry_of(here.look(), "Foreign").aging.currency == "CHF"

    def test_the_level_has_its_place_in_the_plan_and_its_actions(self, look):
        page = look()

        assert entry_of(page, "Bäckerei Ümit").level.position == 1
        assert entry_of(page, "Bäckerei Ümit").level.name == "Payment reminder"
        assert entry_of(page, "Bäckerei Ümit").actions == ("email",)
        assert (entry_of(page, "Reviewed").level.position, entry_of(page, "Reviewed").actions) == (3, ())

    @pytest.mark.parametrize(
        ("name", "reason", "days"),
        [
            ("Promised", Code.PROMISE_BROKEN, 0),
            ("Tasked", Code.TASK, -2),
            ("Reminded", Code.MANUAL, -1),
            ("Zeta", Code.LEVEL, None),
        ],
    )
    def test_the_reason_names_its_day(self, look, name, reason, days):
        entry = entry_of(look(), name)

        assert entry.reason is reason
        assert entry.reason_on == (None if days is None else TODAY + timedelta(days=days))

    @pytest.mark.parametrize(
        ("name", "days"), [("Fresh", 12), ("Coming", 16), ("Later", 2), ("Settled", None)]
    )
    def test_who_rests_shows_when_it_is_next(self, look, name, days):
        entry = entry_of(look(view=View.ALL), name)

        assert entry.follow_up_on == (None if days is None else TODAY + timedelta(days=days))

    def test_the_last_contact_and_the_responsible_are_named(self, look):
        entry = entry_of(look(), "Reviewed")

        assert (entry.contact.on, entry.contact.kind) == (TODAY - timedelta(days=25), "call")
        assert (entry.responsible.name, entry.responsible.initials) == ("Ana Maier", "AM")
        assert entry_of(look(), "Zeta").responsible.initials == "JK"
        assert entry_of(look(), "Begun").responsible is None

    def test_a_name_of_one_word_has_one_initial(self):
        assert Person(id=1, name="Ümit").initials == "Ü"
        assert Person(id=1, name="").initials == ""


class TestFigures:
    @pytest.mark.parametrize(
        "arguments",
        [
            {},
            {"view": "overdue"},
            {"view": "all"},
            {"view": "all", "status": "overdue"},
            {"responsible": "me"},
            {"band": "level"},
            {"q": "e", "responsible": "none"},
            {"view": "overdue", "sort": "total", "currency": "CHF"},
        ],
        ids=str,
    )
    def test_totals_and_counts_are_those_of_the_rows(self, look, arguments):
        page = look(arguments)

        shown = totals(money for entry in page.entries for money in entry.overdue)
        assert {money.currency: money.minor for money in page.overdue} == shown
        assert page.total == len(page.entries)
        assert sum(page.bands.values()) == (page.total if page.list_view.view is View.ACTION else 0)
        if not {"band", "status"} & set(arguments):
            assert page.counts[page.list_view.view] == page.total
        for view in View:
            assert page.counts[view] == look(page.list_view.seen_as(view).arguments()).total

    def test_next_due_is_the_first_day_that_brings_somebody_up(self, look):
        assert (look().next_due.on, look().next_due.customers) == (TODAY + timedelta(days=2), 1)

    def test_next_due_is_asked_for_the_same_person(self, look):
        found = look({"responsible": "me", "band": "cash"}).next_due

        assert (found.on, found.customers) == (TODAY + timedelta(days=12), 1)

    def test_what_filters_hide_is_counted(self, look):
        page = look({"q": "nobody at all"})

        assert (page.total, page.unfiltered, page.customers) == (0, 9, 13)

    def test_the_morning_after_rows_wait_whose_day_has_come(self, look):
        page = look({"view": "all"}, today=TODAY + timedelta(days=1))

        assert "Coming" in [entry.name for entry in page.entries if entry.is_waiting]
        assert page.waiting == sum(entry.is_waiting for entry in page.entries)


class TestATextThatFindsTooMany:
    """What it finds is not counted beyond a bound, nor added up; its rows are those that a count would have allowed."""

    @pytest.fixture(autouse=True)
    def small_bound(self, monkeypatch):
        for module in (list_figures, list_filters, list_selection, listing):
            monkeypatch.setattr(module, "MANY", 3)

    @pytest.mark.parametrize(
        ("arguments", "total"),
        [({"q": "e"}, "3+"), ({"q": "e", "view": "overdue", "status": "overdue"}, "2")],
    )
    def test_the_page_says_that_there_are_more(self, look, arguments, total):
        page = look(arguments)

        assert (page.is_bounded, page.said(page.total)) == (True, total)
        assert (page.overdue, page.bands, [run.customers for run in page.runs if run.customers]) == (
            (),
            {},
            [],
        )
        assert list(page.counts) == [page.list_view.view]

    def test_the_rows_are_those_of_the_text(self, look, monkeypatch):
        shown = names(look({"q": "e"}))

        for module in (list_figures, list_filters, list_selection, listing):
            monkeypatch.setattr(module, "MANY", 500)
        assert shown == names(look({"q": "e"}))

    def test_one_that_finds_few_is_counted(self, look):
        page = look({"q": "zeta"})

        assert (page.is_bounded, page.said(page.total), page.overdue) == (
            False,
            "1",
            (Money("EUR", 30000), Money("CHF", 90000)),
        )


@pytest.mark.parametrize("many", [0, 500])
@pytest.mark.parametrize(
    "arguments",
    [
        {"responsible": "me"},
        {"responsible": "none", "view": "all", "sort": "total"},
        {"band": "level", "sort": "oldest"},
        {"view": "overdue", "status": "overdue", "sort": "next"},
    ],
    ids=str,
)
def test_filters_show_the_same_whether_they_leave_few_or_many(look, monkeypatch, arguments, many):
    monkeypatch.setattr(list_selection, "MANY", many)

    page = look(arguments)

    every = look({"view": page.list_view.view.value, "sort": page.list_view.sort.value})
    found = set(names(page))
    assert [name for name in names(every) if name in found] == names(page)
    assert page.total == len(page.entries)


class TestPages:
    @pytest.fixture(autouse=True)
    def small_pages(self, monkeypatch):
        monkeypatch.setattr(listing, "PAGE_SIZE", 4)

    @pytest.mark.parametrize(
        "arguments",
        [
            {},
            {"view": "all"},
            {"view": "all", "sort": "total", "currency": "CHF"},
            {"view": "all", "sort": "total", "currency": "JPY", "direction": "asc"},
            {"view": "overdue", "sort": "overdue"},
        ],
        ids=str,
    )
    def test_all_pages_together_hold_every_customer_once(self, look, arguments):
        first = look(arguments)
        pages = [look({**arguments, "page": str(number)}) for number in range(1, first.pages + 1)]

        found = [name for page in pages for name in names(page)]
        assert len(found) == len(set(found)) == first.total > 8
        assert [(page.first, page.last) for page in pages][:2] == [(1, 4), (5, 8)]
        assert pages[-1].last == first.total

    def test_a_page_beyond_the_end_is_the_last(self, look):
        page = look({"page": "99"})

        assert page.list_view.page == page.pages == 3
        assert page.page_at(1) is None
        assert page.page_at(-1).page == 2

    def test_a_band_goes_on_on_the_next_page(self, look):
        page = look({"page": "2"})

        assert (page.runs[0].band, page.runs[0].customers, names(page.runs[0])) == (
            Band.LEVEL,
            2,
            ["Bäckerei Ümit", "Zeta"],
        )


class TestAsTheLedgerChanges:
    @pytest.fixture
    def here(self, site):
        return make_reader(site, filled=False)

    def test_done_today_counts_the_companys_follow_ups_of_today(self, site, here):
        with books(site, TODAY - timedelta(days=1)) as book:
            book.done(book.debtor("Yesterday"))
        with books(site) as book:
            book.done(book.debtor("Today"))

        assert here.look().done_today == 1
        assert here.look(company_id=site.company("Idle Ltd")).done_today == 0

    def test_who_is_not_due_by_itself_is_nobodys_next(self, site, here):
        with books(site) as book:
            book.customer("Settled")

        assert here.look().next_due is None

    def test_rows_that_wait_to_be_refreshed_are_counted_and_marked(self, site, here):
        with books(site) as book:
            stale, _fresh = book.debtor("Stale"), book.debtor("Fresh")
        with site.writing() as session:
            mark_stale(session, customer_ids=[stale])

        page = here.look()

        assert page.waiting == 1
        assert [entry.name for entry in page.entries if entry.is_waiting] == ["Stale"]

    @pytest.mark.parametrize(("many", "waiting"), [(1, 2), (2, 0)])
    def test_a_change_of_many_customers_plan_leaves_all_rows_to_the_worker(
        self, site, here, monkeypatch, many, waiting
    ):
        monkeypatch.setattr(plans, "_MANY", many)
        with books(site) as book:
            book.debtor("One"), book.debtor("Two")
        with site.writing() as session:
            [(name, plan_id)] = plan_ids(session, company_id=site.company_id).items()
            draft = replace(default_plan("en").plan, name=name, contact_gap_days=40)
            change_plan(session, company_id=site.company_id, plan_id=plan_id, draft=draft, who="Ana")

        assert here.look().waiting == waiting
        with site.reading() as session:
            bring_up_to_date(session)
        assert here.look().waiting == 0

    @pytest.mark.parametrize(
        ("imported", "limit", "warned"),
        [(None, 3, False), (0, 3, False), (3, 3, False), (4, 3, True), (1, 0, True), (30, 45, False)],
    )
    def test_an_import_longer_ago_than_the_limit_is_warned_of(self, site, here, imported, limit, warned):
        on = None if imported is None else TODAY - timedelta(days=imported)
        with site.writing() as session:
            company = session.get_one(Company, site.company_id)
            company.imported_on, company.import_limit_days = on, limit

        with site.reading() as session:
            old = company_terms(session, company_id=site.company_id).import_is_old(TODAY)

        assert (old, here.look().imported_on) == (warned, on if warned else None)

    def test_a_company_without_customers_has_an_empty_page(self, here):
        page = here.look()

        assert (page.entries, page.total, page.pages, page.customers, page.overdue) == ((), 0, 1, 0, ())

    def test_another_companys_rows_are_never_shown(self, site, here):
        company_id = site.company("Third Ltd")
        with books(site) as book:
            book.debtor("Neighbour", ("10.00", 20))
        with books(site, company_id=company_id) as book:
            book.debtor("Alone", ("10.00", 20))

        for view in View:
            page = here.look({"view": view.value}, company_id=company_id)
            assert names(page) == ["Alone"]
            assert page.overdue == (Money("EUR", 1000),)
