"""The list's screen: what a browser is sent."""

import re
from html import unescape

import pytest

from arfollow.access import Role
from arfollow.companies.tables import Company
from arfollow.followup.operations.refresh import mark_stale
from tests.factories import TODAY, books, standing_still


@pytest.fixture(scope="module")
def visit(reader):
    """Opens a page as Ana and gives its text."""
    visitor = reader.site.visitor()
    answer = visitor.post("/sign-in", {"email": "clerk@example.com", "password": "correct horse battery"})
    assert answer.status_code == 303

    def one(path, *, htmx=False):
        visitor.headers = {"HX-Request": "true"} if htmx else {}
        with standing_still():
            answer = visitor.get(path)
        assert answer.status_code == 200
        return answer

    return one


def words(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def links(html):
    return [unescape(each) for each in re.findall(r'<tr data-href="([^"]+)"', html)]


def test_the_day_its_figures_and_views_stand_above_the_rows(visit):
    said = words(visit("/follow-ups").text)

    assert "Follow-ups Saturday, 21 November 2026 to do 9 done today 0" in said
    assert "EUR 2,380.50 CHF 900.00" in said.replace("\N{NO-BREAK SPACE}", " ")
    assert "Action needed 9 With overdue invoices 10 All 13" in said


def test_rows_stand_under_their_bands(visit):
    said = words(visit("/follow-ups").text)

    assert said.index("Promise broken 1 Promised P/1") < said.index("Level due 2 Bäckerei Ümit")


@pytest.mark.parametrize(
    "text",
    [
        "broken 21 Nov",
        "task 19 Nov",
        "Manual 20 Nov",
        "to decide",
        "begun",
        "1 Payment reminder",
        "27 Oct Call",
        "31 d",
    ],
)
def test_a_row_says_why_and_since_when(visit, text):
    assert text in words(visit("/follow-ups").text)


@pytest.mark.parametrize("text", ["23 Nov", "3 Dec", "7 Dec"])
def test_who_rests_shows_the_day_of_its_return(visit, text):
    assert text in words(visit("/customers").text)


def test_the_whole_row_and_a_real_link_open_the_customer_as_one_of_the_list(visit):
    html = visit("/follow-ups?responsible=me&page=1").text

    assert links(html)[1].endswith("?list=view%3Daction%26responsible%3Dme")
    for link in links(html):
        assert f'href="{link}"' in html.replace("&amp;", "&")


def test_a_number_with_a_slash_stays_one_part_of_the_address(visit):
    assert "/customers/P~2F1?list=view%3Daction" in links(visit("/follow-ups").text)


def test_every_link_of_a_row_leads_to_its_customer(visit):
    for link in links(visit("/customers").text):
        visit(link)


def test_htmx_gets_rows_and_figures_and_its_address_says_the_filter(visit):
    answer = visit("/follow-ups?view=action&band=cash&level=&responsible=&q=", htmx=True)

    assert "<html" not in answer.text
    assert "Customers Customer Overdue Total due" in words(answer.text)
    assert 'id="figures" hx-swap-oob="true"' in answer.text
    assert [re.sub(r"\?.*", "", link) for link in links(answer.text)] == [
        links(answer.text)[0].partition("?")[0]
    ]
    assert answer.headers["HX-Replace-Url"] == "/follow-ups?band=cash"
    assert "HX-Request" in answer.headers["Vary"]


def test_the_page_without_htmx_is_the_same_and_whole(visit):
    whole, part = visit("/follow-ups?q=zeta"), visit("/follow-ups?q=zeta", htmx=True)

    assert "<html" in whole.text
    assert links(whole.text) == links(part.text)


def test_a_sorted_column_says_so_and_a_click_turns_it(visit):
    html = visit("/follow-ups?sort=overdue").text
    head = re.search(r'<th scope="col"[^>]*aria-sort="(\w+)">\s*<a class="sort" href="([^"]+)"', html)

    assert html.count("aria-sort") == 1
    assert (head[1], unescape(head[2])) == (
        "descending",
        "/follow-ups?sort=overdue&direction=asc&currency=EUR",
    )


def test_amounts_can_be_sorted_in_each_currency(visit):
    offered = re.findall(r'<option value="(\w{3})"', visit("/follow-ups?sort=overdue").text)

    assert offered == ["EUR", "CHF", "JPY"]


def test_a_filter_shows_what_was_chosen(visit):
    html = visit("/follow-ups?responsible=me&band=cash").text

    assert re.findall(r'<option value="(\w+)" selected>', html) == ["cash", "me"]


def test_filters_that_hide_everybody_say_so_and_offer_the_way_out(visit):
    html = visit("/follow-ups?q=nobody+at+all").text

    assert "No customer matches these filters. They hide 9 customers. Show all of them" in words(html)
    assert '<a class="btn btn-outline" href="/follow-ups">' in html


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "'; DROP TABLE list_rows; --", "%s%(x)s{{7*7}}"]
)
def test_a_search_is_shown_as_it_was_typed_and_nothing_else(visit, text):
    answer = visit(f"/follow-ups?q={text}")

    assert "<script>alert" not in answer.text
    assert f'value="{text}"' in unescape(answer.text) or text in unescape(answer.text)


class TestAsTheLedgerChanges:
    @pytest.fixture
    def here(self, site):
        visitor = site.sign_in(Role.CLERK)

        def one(path):
            with standing_still():
                return words(visitor.get(path).text)

        return one

    def test_a_company_without_customers_is_told_where_they_come_from(self, here):
        said = here("/follow-ups")

        assert "There are no customers yet." in said
        assert "first import of your ledger" in said
        assert "An administrator brings it in." in said

    def test_an_empty_day_says_when_the_next_customers_come(self, site, here):
        with books(site) as book:
            for _ in range(3):
                book.debtor("", ("10.00", 13))
            book.debtor("", ("10.00", 1))

        assert "Nothing to do today. The next 3 customers are due on Monday, 23 November 2026." in here(
            "/follow-ups"
        )

    def test_an_empty_day_after_which_nobody_comes_says_so(self, site, here):
        with books(site) as book:
            book.customer("Settled")

        assert "Nothing to do today. Nobody is due by itself." in here("/follow-ups")
        assert "Nothing is overdue." in here("/follow-ups?view=overdue")

    def test_what_makes_the_rows_doubtful_is_said_above_them(self, site, here):
        with books(site) as book:
            stale = book.debtor()
        with site.writing() as session:
            mark_stale(session, customer_ids=[stale])
            session.get_one(Company, site.company_id).imported_on = TODAY.replace(day=17)

        said = here("/follow-ups")

        assert "Open items were last imported on 17 November" in said
        assert "1 customer is being brought up to date." in said

    def test_a_new_company_is_told_what_its_letters_lack(self, site, here):
        said = here("/follow-ups")

        assert "your company has no postal address, no bank account to pay to, no e-mail address" in said
        assert "An administrator enters it under Settings." in said

    def test_an_auditor_sees_the_list_and_a_stranger_the_sign_in(self, site):
        with books(site) as book:
            book.debtor("Seen")

        with standing_still():
            assert "Seen" in site.sign_in(Role.AUDITOR).get("/follow-ups").text
            assert site.visitor().get("/follow-ups").status_code == 303
            assert site.visitor().get("/customers").status_code == 303
