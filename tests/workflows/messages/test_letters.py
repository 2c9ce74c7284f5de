"""Letters of workflows are written by the worker and land with the letters to post."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from arfollow.access import Role
from arfollow.chatter.tables import StoredDocument
from arfollow.companies.tables import Company
from arfollow.delivery.rules import State
from arfollow.followup.queries.letters import letters_to_post
from arfollow.workflows.rules.definition import Kind, Trigger
from tests.factories import books
from tests.workflows.walking import step, wait

WORDS = {
    "en": {"title": "Thank you", "text": "{{ salutation }}\n\nThank you for buying from us."},
    "de": {"title": "Vielen Dank", "text": "{{ salutation }}\n\nvielen Dank für Ihren Kauf."},
}


def letter(**settings):
    return step("letter", Kind.LETTER, words=WORDS, **settings)


def written(desk):
    """The text of the letter that was written."""
    with desk.site.reading() as session:
        pdf = session.scalars(select(StoredDocument.content)).one()
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def to_post(desk):
    with desk.site.reading() as session:
        return letters_to_post(session, company_id=desk.site.company_id)


def test_it_waits_to_be_posted_with_the_companys_letterhead(desk, umit):
    desk.run(letter(), customer_id=umit)

    desk.work()
    before = to_post(desk)
    desk.send()

    [waiting] = to_post(desk)
    text = written(desk)
    assert before == []
    assert (waiting.level, waiting.printed_by, waiting.number) == ("Vielen Dank", "workflow “Test”", "C-1")
    assert "vielen Dank für Ihren Kauf." in text
    assert "Hauptstraße 1" in text
    assert "620,50" not in text
    assert [tag for tag, _ in desk.site.entries("letter")] == ["letter:queued", "letter:printed"]


def test_one_that_asks_for_money_lists_what_is_open(desk, umit):
    with books(desk.site) as book:
        book.invoice(umit, "80.00", number="R-7", late=3)
    due = Trigger(kind="due", settings={"days": 1})
    words = {"en": {"title": "Please pay", "text": "{{ invoice_number }}"}}
    desk.run(step("l", Kind.LETTER, words=words, purpose="money"), customer_id=umit, key="R-7", trigger=due)

    desk.work()
    desk.send()

    text = written(desk)
    assert "R-7" in text
    assert "620" not in text
    assert "EUR\xa080.00" in text or "EUR 80.00" in text


def test_what_is_paid_before_it_is_written_is_not_written(desk, umit):
    desk.run(letter(purpose="money"), wait("w", 30), customer_id=umit)
    desk.work()
    with books(desk.site) as book:
        book.payment(umit, "620.50")

    desk.send()

    assert [each.state for each in desk.deliveries()] == [State.CANCELLED]


@pytest.mark.parametrize("paid", [False, True])
def test_its_page_says_that_it_is_not_written_yet(desk, umit, paid):
    desk.run(letter(purpose="money"), wait("w", 30), customer_id=umit)
    desk.work()
    if paid:
        with books(desk.site) as book:
            book.payment(umit, "620.50")
        desk.send()

    with desk.day():
        page = desk.site.sign_in(Role.CLERK).get(f"/deliveries/{desk.deliveries()[0].id}").text

    assert "There is no message to show." in page


def test_somebody_posts_it_like_any_other(desk, umit):
    desk.run(letter(), customer_id=umit)
    desk.work()
    desk.send()
    with desk.day():
        clerk = desk.site.sign_in(Role.CLERK)
        page = clerk.get("/letters").text
        clerk.post("/letters/posted", {"letter": [str(to_post(desk)[0].delivery_id)]})

    assert "Vielen Dank" in page
    assert to_post(desk) == []
    assert desk.site.entries("letter")[-1] == ("letter:posted", "Letter posted")


def test_a_company_without_an_email_address_writes_letters(desk, umit):
    with desk.site.writing() as session:
        session.execute(update(Company).values(email=""))
    desk.run(letter(), customer_id=umit)

    desk.work()
    desk.send()

    assert len(to_post(desk)) == 1
