from datetime import timedelta

import pytest

from arfollow.access import Role
from arfollow.companies.tables import BankAccount
from tests.factories import TODAY, books, standing_still
from tests.followup.desks import counted, customer_of, desk, set_company, words_of


def test_the_page_says_who_it_is_what_is_owed_and_why_it_is_here(sqlite_site):
    with desk(
        sqlite_site, ("620.50", 30), ("620.00", 16), ("2069.00", -5), country="DE", language="de"
    ) as page:
        words = page.open()

    assert "Bäckerei Ümit C-1" in words
    assert "Köln, Germany" in words
    assert "Here because invoice" in words
    assert "After Done: back on" in words
    assert "Overdue 1,240.50 Not yet due 2,069.00 Total due 3,309.50" in words


def test_totals_of_currencies_stand_apart_with_what_is_not_chased(sqlite_site):
    with desk(sqlite_site, ("100.00", 20)) as page:
        with books(sqlite_site) as book:
            book.invoice(customer_of(book), "5000", late=3, currency="JPY")
            book.payment(customer_of(book), "30.00")
        words = page.open()

    assert (
        "EUR Overdue 100.00 Not yet due 0.00 Total due 100.00 Unapplied credit -30.00 Balance 70.00" in words
    )
    assert "JPY Overdue 5,000" in words


def test_a_customer_that_owes_nothing_has_a_page_too(sqlite_site):
    with desk(sqlite_site) as page, books(sqlite_site) as book:
        book.customer("Neu GmbH", number="C-2")
        page.number = "C-2"
        words = page.open()

    assert "Nothing is open" in words
    assert "Not on the list: nothing is open." in words


def test_a_customer_off_the_list_may_be_worked_all_the_same(sqlite_site):
    with desk(sqlite_site, ("100.00", 3)) as page:
        words = page.open()

    assert "Not on the list: no level is due yet. Next on" in words
    assert "Send by E-mail" in words
    assert "is logged and moves no level" in words


@pytest.mark.parametrize("path", ["", "/plan", "/statement.pdf", "/letter/draft.pdf", "/deliveries/1"])
def test_no_page_of_an_unknown_customer_or_of_another_company_is_there(sqlite_site, path):
    other = sqlite_site.company()
    with standing_still():
        visitor = sqlite_site.sign_in(Role.ADMINISTRATOR)
        with books(sqlite_site, company_id=other) as book:
            book.debtor("Theirs", number="X-1")

        statuses = [visitor.get(f"/customers/{number}{path}").status_code for number in ("X-1", "nobody")]

    assert statuses == [404, 404]


def test_a_number_may_hold_anything_that_an_erp_invents(sqlite_site):
    with desk(sqlite_site) as page:
        with books(sqlite_site) as book:
            book.debtor("Slash & Söhne", number="A/1 ~?#%\\")
        with sqlite_site.app.test_request_context():
            path = sqlite_site.app.url_map.bind("").build("followup.customer", {"number": "A/1 ~?#%\\"})

        answer = page.visitor.get(path)

    assert "Slash & Söhne" in words_of(answer.text)


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("open", "R-"),
        ("all", "Settled"),
        ("payments", "Applied to"),
        ("contacts", "E-mails go to pay@example.com."),
        ("nonsense", "Days late"),
    ],
)
def test_each_tab_is_a_page_and_a_part(sqlite_site, tab, words):
    with desk(sqlite_site) as page:
        with books(sqlite_site) as book:
            book.payment(customer_of(book), "10.00")
        whole = page.open(f"?tab={tab}")
        page.visitor.headers = {"HX-Request": "true", "HX-Target": "ledger"}
        part = page.visitor.get(f"/customers/C-1?tab={tab}").text

    assert words in whole
    assert words in words_of(part)
    assert part.lstrip().startswith('<section id="ledger"')


def test_long_accounts_come_in_pages(sqlite_site):
    with desk(sqlite_site, *[("10.00", 20)] * 101) as page:
        first, second = page.open(), page.open("?page=2")

    assert "1–100 of 101" in first
    assert "101–101 of 101" in second


def test_it_asks_the_database_as_often_for_sixty_items_as_for_one(site):
    with desk(site, ("100.00", 20), language="en") as page:
        with books(site) as book:
            book.payment(customer_of(book), "1.00")
        page.open()
        with counted(site) as few:
            page.open()
        with books(site) as book:
            for days in range(60):
                book.invoice(customer_of(book), late=days)
        with counted(site) as many:
            page.open()

    assert len(many) == len(few)
    assert len(few) < 60


def test_an_auditor_sees_everything_and_can_change_nothing(sqlite_site):
    with desk(sqlite_site, role=Role.AUDITOR) as page:
        page.open()

    html = page.last.text.partition('<main id="main"')[2].partition("</main>")[0]
    assert "Preview letter" in page.words
    assert 'type="submit"' not in html
    assert 'type="checkbox"' not in html
    assert 'method="post"' not in html


def test_only_a_manager_is_offered_another_plan(sqlite_site):
    with desk(sqlite_site) as page:
        clerk = page.open()
        manager = sqlite_site.sign_in(Role.MANAGER).get("/customers/C-1")

    assert 'href="/customers/C-1/plan"' not in clerk
    assert 'href="/customers/C-1/plan"' in manager.text


def test_it_knows_the_way_back_to_the_list_and_to_the_neighbours(sqlite_site):
    with desk(sqlite_site, ("100.00", 30)) as page:
        with books(sqlite_site) as book:
            book.debtor("Nachbar", ("100.00", 20), number="C-2")
        page.open("?list=view%3Daction%26sort%3Dcustomer")

    assert "1 of 2" in page.words
    assert 'rel="next"' in page.last.text
    assert "/customers/C-2?list=view%3Daction" in page.last.text


def test_what_a_letter_would_lack_is_said_before_it_is_printed(site):
    with desk(site, ("100.00", 20), street="", city="") as page:
        bare = page.open()
        set_company(site, street="Gasse 1", city="Ulm")
        with site.writing() as session:
            session.add(
                BankAccount(company_id=site.company_id, currency="EUR", iban="DE89370400440532013000")
            )
        equipped = page.open()

    assert "No complete postal address is on file" in bare
    assert "your company has no postal address, no bank account to pay to yet." in bare
    assert "Before the first letter goes out" not in equipped


def test_an_old_import_is_said_on_top(sqlite_site):
    with desk(sqlite_site) as page:
        set_company(sqlite_site, imported_on=TODAY - timedelta(days=3))
        fresh = page.open()
        set_company(sqlite_site, imported_on=TODAY - timedelta(days=4))
        old = page.open()

    assert "last imported" not in fresh
    assert "Open items were last imported on 17 Nov 2026" in old


def test_others_with_the_page_open_are_named(site):
    with desk(site) as page:
        jan = site.sign_in(Role.MANAGER, name="Jan")
        jan.post("/customers/C-1/presence", {"number": 1})
        words = page.open()
        jans = words_of(jan.get("/customers/C-1").text)

    assert "also here: Jan" in words
    assert "also here" not in jans


def test_whoever_has_left_is_not_named_any_more(site):
    with desk(site) as page:
        page.click("presence")
        jan = site.sign_in(Role.MANAGER, name="Jan")
        with standing_still(TODAY + timedelta(days=1)):
            words = words_of(jan.get("/customers/C-1").text)

    assert "also here" not in words


def test_an_open_page_learns_that_somebody_has_finished_it(site):
    with desk(site) as page:
        page.click("calls", **{"call-outcome": "reached"})
        page.click("done", **{"done-todo": "keep"})
        jan = site.sign_in(Role.MANAGER, name="Jan")
        answer = jan.post("/customers/C-1/presence", {"number": 1})

    assert "Ana has marked this follow-up Done" in words_of(answer.text)
