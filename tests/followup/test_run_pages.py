"""The pages of bulk runs, as a browser without a screen sees them."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from arfollow import clock
from arfollow.access import Role
from arfollow.delivery.tables import Delivery
from arfollow.fence.operations import close
from arfollow.fence.rules import Reason
from arfollow.followup.runs import letters
from arfollow.followup.runs.rules import RunState
from arfollow.followup.runs.tables import BulkRun
from arfollow.followup.views import runs as views
from arfollow.levels.tables import Level
from tests.factories import TODAY, books, standing_still
from tests.followup.desks import counted, customer_of, set_company, words_of
from tests.followup.runs import rows, state_of, work_off

HOME = {"street": "Gasse 3", "city": "Köln", "country": "DE"}


@pytest.fixture
def ana(sqlite_site):
    """Ana before four customers: two get an e-mail, one has no address, one is covered by a payment."""
    set_company(sqlite_site, email="accounts@acme.example.com")
    with books(sqlite_site) as book:
        for number, postal_code in (("C-1", "80331"), ("C-2", "10115")):
            mail = f"{number}@example.com"
            book.debtor("", ("100.00", 20), number=number, email=mail, postal_code=postal_code, **HOME)
        book.debtor("Ohne Adresse", ("50.00", 20), number="C-3")
        book.payment(book.debtor("", ("70.00", 20), number="C-4", email="four@example.com"), "70.00")
    with standing_still():
        yield sqlite_site.sign_in(Role.CLERK, name="Ana")


@pytest.fixture
def prepared(ana):
    """The address of the preflight of all four."""
    return ana.post("/runs", {"all": "1"}).headers["Location"]


def ids(site, *numbers):
    with books(site) as book:
        return [customer_of(book, number) for number in numbers]


def look(visitor, address, **options):
    answer = visitor.get(address, **options)
    assert answer.status_code == 200, answer.text
    return words_of(answer.text)


def print_letters(site):
    with site.writing() as session:
        session.execute(update(Level).where(Level.position == 1).values(actions=["letter"]))


def test_the_list_offers_a_box_for_each_row_and_all_at_once(ana):
    page = ana.get("/follow-ups").text

    assert page.count('name="customer"') == 4
    assert 'aria-label="Choose Ohne Adresse"' in page
    assert "Work all 4 on the list…" in page
    assert "Work the one that matches…" in ana.get("/follow-ups?q=ohne").text


@pytest.mark.parametrize("path", ["/customers", "/follow-ups?view=overdue"])
def test_only_who_needs_action_can_be_chosen(ana, path):
    assert 'name="customer"' not in ana.get(path).text


def test_an_auditor_chooses_nobody(sqlite_site, ana, prepared):
    auditor = sqlite_site.sign_in(Role.AUDITOR)

    assert 'name="customer"' not in auditor.get("/follow-ups").text
    assert auditor.post("/runs", {"all": "1"}).status_code == 403
    assert auditor.get(prepared).status_code == 404


def test_the_preflight_says_who_gets_what_and_who_nothing(ana, prepared):
    words = look(ana, prepared)

    assert "2 e-mails, 1 covered by unapplied credit, 1 without address" in words
    assert "Together 2 2 – EUR 200.00" in words
    assert "Mark 2 customers Done" in words
    assert "Go: 2 e-mails" in words
    assert "Ohne Adresse C-3" in words


def test_what_is_ticked_is_what_is_looked_at(sqlite_site, ana):
    answer = ana.post("/runs", {"customer": ids(sqlite_site, "C-2", "C-3"), "list": "sort=customer"})

    words = look(ana, answer.headers["Location"])
    assert "1 e-mail, 1 without address" in words
    assert "C-1" not in words


def test_all_that_match_are_those_of_the_filter(ana):
    answer = ana.post("/runs", {"all": "1", "list": "q=ohne"})

    assert "Nothing to send, 1 without address" in look(ana, answer.headers["Location"])


def test_all_that_match_are_those_that_an_invoice_s_number_finds(sqlite_site, ana):
    with books(sqlite_site) as book:
        book.invoice(customer_of(book, "C-2"), late=20, number="2026-0815")

    answer = ana.post("/runs", {"all": "1", "list": "q=2026-0815"})

    assert list(rows(sqlite_site, 1)) == ["C-2"]
    assert "1 e-mail" in look(ana, answer.headers["Location"])


def test_what_was_searched_for_is_not_kept(sqlite_site, ana):
    answer = ana.post("/runs", {"all": "1", "list": "view=overdue&q=ohne"})

    assert 'href="/follow-ups?view=overdue"' in ana.get(answer.headers["Location"]).text
    with sqlite_site.reading() as session:
        assert session.scalars(select(BulkRun.list_query)).all() == ["view=overdue"]


def test_nothing_ticked_is_said_in_words(ana):
    answer = ana.post("/runs", {"list": ""}, follow_redirects=True)

    assert "Choose customers first" in words_of(answer.text)


def test_more_than_the_limit_is_said_in_words(ana, monkeypatch):
    monkeypatch.setattr(views, "LARGEST", 3)

    words = look(ana, ana.post("/runs", {"all": "1"}).headers["Location"])

    assert "More customers match than a run takes, which is 3 at most" in words


def test_a_preflight_without_anybody_to_work_has_no_button(ana):
    answer = ana.post("/runs", {"all": "1", "list": "q=ohne"})
    address = answer.headers["Location"]

    assert "Nothing would go out." in look(ana, address)
    assert ana.post(f"{address}/start").status_code == 409


def test_a_colleague_does_not_see_a_preflight(sqlite_site, ana, prepared):
    ben = sqlite_site.sign_in(Role.CLERK, name="Ben", email="ben@example.com")

    assert ben.get(prepared).status_code == 404
    assert ben.post(f"{prepared}/start").status_code == 404


def test_go_then_progress_then_a_result_for_each_row(sqlite_site, ana, prepared):
    assert ana.post(f"{prepared}/start", {"marks_done": "1"}).status_code == 303
    words = look(ana, prepared)
    assert "under way" in words
    assert "2 of 4" in words

    work_off(sqlite_site)

    words = look(ana, prepared)
    assert "finished 4 4 of 4 e-mails queued 2 letters printed 0 marked Done 2" in words
    assert "left out without address" in words
    assert "queued Done" in words
    assert rows(sqlite_site, 1) == {"C-1": "done", "C-2": "done", "C-3": "no_address", "C-4": "covered"}


def test_a_run_that_may_not_send_says_that_it_waits_and_for_whom(sqlite_site, ana, prepared):
    ana.post(f"{prepared}/start")
    with sqlite_site.writing() as session:
        close(session, because=Reason.BY_HAND)

    part = ana.client.get(prepared, headers={"HX-Request": "true"}).text
    words, of_all = words_of(part), look(ana, "/runs")

    assert "Nothing is sent at the moment." in words
    assert "until an administrator confirms" in words
    assert "waits: nothing is sent" in words
    assert "waits: nothing is sent" in of_all
    assert "under way" not in words + of_all


def test_without_the_tick_nobody_is_marked_done(sqlite_site, ana, prepared):
    ana.post(f"{prepared}/start")

    work_off(sqlite_site)

    assert "e-mails queued 2 letters printed 0 marked Done 0" in look(ana, prepared)


def test_a_second_click_on_go_starts_nothing(sqlite_site, ana, prepared):
    ana.post(f"{prepared}/start")

    answer = ana.post(f"{prepared}/start")

    assert answer.status_code == 409
    assert "this preflight was started before" in words_of(answer.text)


def test_the_page_asks_again_while_something_happens(sqlite_site, ana, prepared):
    def asks():
        part = ana.client.get(prepared, headers={"HX-Request": "true"}).text
        assert "<html" not in part
        return re.findall(r'hx-trigger="every (\d+)s"', part)

    ana.post(f"{prepared}/start")
    assert asks() == ["2"]

    work_off(sqlite_site)
    assert asks() == ["5"]

    with sqlite_site.writing() as session:
        session.execute(update(Delivery).values(state="sent"))
    assert asks() == []


def test_a_page_that_was_left_open_does_not_ask_for_ever(sqlite_site, ana, prepared):
    ana.post(f"{prepared}/start")
    work_off(sqlite_site)

    with clock.moved_to(clock.now() + timedelta(hours=1)):
        assert 'hx-trigger="every' not in ana.get(prepared).text


def test_stop_leaves_the_rest(sqlite_site, ana, prepared):
    ana.post(f"{prepared}/start")

    assert ana.post(f"{prepared}/cancel").status_code == 303

    assert state_of(sqlite_site, 1) == RunState.CANCELLED
    assert "stopped before their turn" in look(ana, prepared)
    assert "Stopped by Ana" in look(ana, prepared)
    assert ana.post(f"{prepared}/cancel").status_code == 409


def test_rows_can_be_looked_at_by_result(ana, prepared):
    assert "Ohne Adresse" not in look(ana, f"{prepared}?rows=waiting")
    assert "Ohne Adresse" in look(ana, f"{prepared}?rows=skipped")
    assert "Nobody here." in look(ana, f"{prepared}?rows=failed")


def test_the_letters_come_as_one_file_by_postal_code(sqlite_site, ana):
    print_letters(sqlite_site)
    address = ana.post("/runs", {"all": "1"}).headers["Location"]
    ana.post(f"{address}/start")
    assert ana.get(f"{address}/letters.pdf").status_code == 404

    work_off(sqlite_site)

    answer = ana.get(f"{address}/letters.pdf")
    pages = [page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert len(pages) == 2
    assert "10115" in pages[0]
    assert "80331" in pages[1]
    assert "All letters, by postal code" in look(ana, address)


def test_many_letters_come_in_parts(sqlite_site, ana, monkeypatch):
    monkeypatch.setattr(letters, "PART", 1)
    print_letters(sqlite_site)
    address = ana.post("/runs", {"all": "1"}).headers["Location"]
    ana.post(f"{address}/start")
    work_off(sqlite_site)

    assert "Letters, part 2 of 2" in look(ana, address)
    assert ana.get(f"{address}/letters.pdf?part=2").status_code == 200
    assert ana.get(f"{address}/letters.pdf?part=3").status_code == 404


def test_past_runs_are_listed_and_preflights_are_not(sqlite_site, ana, prepared):
    assert "No bulk run yet." in look(ana, "/runs")

    ana.post(f"{prepared}/start", {"marks_done": "1"})
    work_off(sqlite_site)

    assert "Ana finished 4 2 0 2 2 0" in look(ana, "/runs")


def test_a_preflight_of_yesterday_cannot_be_started(sqlite_site, ana, prepared):
    with sqlite_site.writing() as session:
        session.execute(update(BulkRun).values(day=TODAY - timedelta(days=1)))

    assert "This was looked at on another day." in look(ana, prepared)
    assert ana.post(f"{prepared}/start").status_code == 409


def test_open_items_that_are_out_of_date_are_pointed_out(sqlite_site, ana, prepared):
    set_company(sqlite_site, imported_on=TODAY - timedelta(days=9))

    assert "what was paid since is not known here" in look(ana, prepared)


def test_what_the_company_has_not_entered_yet_is_pointed_out(ana, prepared):
    assert "your company has no postal address, no bank account to pay to yet" in look(ana, prepared)


def test_a_preflight_takes_as_many_queries_for_forty_as_for_four(sqlite_site, ana):
    def statements():
        with counted(sqlite_site) as sent:
            ana.post("/runs", {"all": "1"})
        return len(sent)

    few = statements()
    with books(sqlite_site) as book:
        for number in range(40):
            book.debtor("", ("100.00", 20), email=f"{number}@example.com", **HOME)

    assert statements() == few
