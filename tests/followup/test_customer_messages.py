"""Letters and e-mails from a customer's page: sent once, of what is true, and refused in words."""

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from arfollow.access import Role
from arfollow.delivery.tables import Delivery
from arfollow.fence import operations as fence
from arfollow.fence.rules import Reason
from arfollow.followup.tables import RecordedAction
from tests.factories import TODAY, books
from tests.followup.desks import customer_of, desk, set_company

LATE = ("100.00", 20)


def pdf_text(answer):
    assert answer.mimetype == "application/pdf"
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)


def test_the_email_is_queued_without_a_question_and_stands_on_top_of_the_chatter(site):
    with desk(site, LATE) as page:
        status = page.click("email")

    assert status == 200
    assert page.last.text.lstrip().startswith('<div id="customer"')
    assert "The e-mail is on its way. " in page.words
    assert 'id="email-state"' in page.last.text
    assert page.tags[-1] == "email:queued"
    assert page.words.index("queued") < page.words.index("added")
    assert page.state().last_contact_kind == "email"


def test_it_is_said_to_wait_while_nothing_is_sent(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        with sqlite_site.writing() as session:
            fence.close(session, because=Reason.BY_HAND)
        page.click("email")

    assert "The e-mail is queued. It waits until an administrator confirms" in page.words
    assert "on its way" not in page.words


def test_its_state_is_asked_for_until_it_is_final(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("email")
        queued = page.visitor.get("/customers/C-1/deliveries/1")
        with sqlite_site.writing() as session:
            session.get(Delivery, 1).state = "sent"
        sent = page.visitor.get("/customers/C-1/deliveries/1")

    assert 'hx-trigger="load delay:1s"' in queued.text
    assert "sent" in sent.text
    assert "hx-trigger" not in sent.text


def test_the_state_of_somebody_elses_email_is_not_told(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        with books(sqlite_site) as book:
            book.debtor("Nachbar", LATE, number="C-2")
        page.click("email")
        answer = page.visitor.get("/customers/C-2/deliveries/1")

    assert answer.status_code == 404


def test_without_an_address_the_letter_is_offered(sqlite_site):
    with desk(sqlite_site, LATE, email="") as page:
        before = page.open()
        status = page.click("email")

    assert "no address on file" in before
    assert status == 422
    assert "No e-mail address is on file for this customer. Print the letter instead" in page.words
    assert 'class="told-offer"' in page.last.text
    assert "email:queued" not in page.tags


def test_without_a_sender_the_letter_is_offered(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        set_company(sqlite_site, email="")
        status = page.click("email")

    assert status == 422
    assert "Your company has no e-mail address to send from." in page.words
    assert 'class="told-offer"' in page.last.text


def test_a_second_email_is_refused_in_words(site):
    with desk(site, LATE) as page:
        page.click("email")
        status = page.click("email")

    assert status == 422
    assert "already been queued by Ana" in page.words
    assert page.tags.count("email:queued") == 1


@pytest.mark.parametrize("action", ["email", "letter"])
def test_sending_by_an_old_import_asks_first(sqlite_site, action):
    with desk(sqlite_site, LATE) as page:
        set_company(sqlite_site, imported_on=TODAY - timedelta(days=9))
        page.click(action)
        asked, before = page.words, list(page.tags)
        page.click(action, confirmed="1")

    assert "Send by what was imported on Thursday, 12 November 2026?" in asked
    assert not {"email:queued", "letter:printed"} & set(before)
    assert {"email": "email:queued", "letter": "letter:printed"}[action] in page.tags


def test_the_printed_letter_is_stored_recorded_and_then_fetched(site):
    with desk(site, LATE) as page:
        status = page.click("letter")
        html = page.last.text
        address = re.search(r'href="([^"]+)" download', html)[1]
        answer = page.visitor.get(address)

    assert status == 200
    assert "data-download" in html
    assert "100.00" in pdf_text(answer)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Letter C-1 2026-11-21.pdf"'
    assert page.tags[-1] == "letter:printed"


def test_printing_again_opens_the_stored_letter(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("letter")
        page.open()
        once = page.last.text
        page.click("letter")

    assert "Open the printed letter" in once
    assert 'id="print-letter"' not in once
    assert page.tags.count("letter:printed") == 1


def test_a_letter_is_no_document_of_another_customer(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        with books(sqlite_site) as book:
            book.debtor("Nachbar", LATE, number="C-2")
        page.click("letter")
        with sqlite_site.reading() as session:
            sha256 = session.scalars(select(RecordedAction.document)).one()
        answers = [page.visitor.get(f"/customers/{number}/letters/{sha256}") for number in ("C-1", "C-2")]

    assert [answer.status_code for answer in answers] == [200, 404]


def test_a_preview_is_a_draft_and_logs_nothing(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        before = page.tags
        text = pdf_text(page.visitor.get("/customers/C-1/letter/draft.pdf"))

    assert "DRAFT" in text
    assert page.tags == before


def test_a_preview_of_nothing_says_why(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("calls", **{"call-outcome": "reached"})
        with books(sqlite_site) as book:
            book.payment(customer_of(book), "100.00")
        page.last = page.visitor.get("/customers/C-1/letter/draft.pdf")

    assert page.last.status_code == 422
    assert "There is nothing to claim" in page.words


def test_the_statement_is_there_for_everybody(sqlite_site):
    with desk(sqlite_site, LATE, role=Role.AUDITOR) as page:
        answer = page.visitor.get("/customers/C-1/statement.pdf")

    assert "100.00" in pdf_text(answer)
    assert "Statement C-1 2026-11-21.pdf" in answer.headers["Content-Disposition"]


def test_a_payment_that_came_in_meanwhile_wins(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.open()
        with books(sqlite_site) as book:
            book.payment(customer_of(book), "37.50")
        page.click("letter")
        with sqlite_site.reading() as session:
            sha256 = session.scalars(select(RecordedAction.document)).one()
        text = pdf_text(page.visitor.get(f"/customers/C-1/letters/{sha256}"))

    assert "62.50" in text


def test_nothing_is_sent_once_everything_is_paid(sqlite_site):
    with desk(sqlite_site, LATE) as page:
        page.click("calls", **{"call-outcome": "reached"})
        with books(sqlite_site) as book:
            book.payment(customer_of(book), "100.00")
        status = page.click("email")

    assert status == 422
    assert "There is nothing to claim" in page.words
    assert "email:queued" not in page.tags
