"""What goes to a customer speaks the customer's language, whatever the clerk, the company and the browser speak."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from arfollow.chatter import documents
from arfollow.delivery.queries.outgoing import queued_delivery
from arfollow.delivery.tables import Delivery
from arfollow.followup.actions.email import FollowUpPreparer
from arfollow.followup.tables import RecordedAction
from arfollow.statements.email import render_email
from arfollow.users.operations import choose_language
from arfollow.users.tables import User
from tests.factories import TODAY, WHO
from tests.followup.desks import desk, set_company

CUSTOMERS = {
    ("fr", "FR"): ("Relance", "1 234,50 EUR", "1er décembre 2026"),
    ("de", "AT"): ("Zahlungserinnerung", "EUR 1.234,50", "1. Dezember 2026"),
    ("en", "US"): ("Payment reminder", "EUR 1,234.50", "December 1, 2026"),
}
WORDS = {
    "fr": ("Cordialement", "À payer", "Échu, en EUR"),
    "de": ("Mit freundlichen Grüßen", "Bitte zahlen Sie", "Überfällig, in EUR"),
    "en": ("Kind regards", "Please pay", "Overdue, in EUR"),
}
PAPER = {"FR": (595, 842), "AT": (595, 842), "US": (612, 792)}


PAIRS = [("de", ("fr", "FR")), ("fr", ("en", "US")), ("en", ("de", "AT"))]


def open_desk(site, clerk, customer):
    """The page of such a customer, for a clerk and in a company that speak another language."""
    set_company(site, language=clerk)
    language, country = customer
    return desk(site, ("1234.50", 20), language=language, country=country, postal_code="75002")


def speak(site, language):
    with site.writing() as session:
        for user_id in session.scalars(select(User.id)).all():
            choose_language(session, user_id=user_id, language=language, who=WHO)


def text_of(content: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return plain(text)


def plain(text: str) -> str:
    return " ".join(re.sub("[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", " ", text).split())


def assert_speaks(language: str, text: str) -> None:
    """All the words of the language and none of the others'."""
    for each, words in WORDS.items():
        assert [word in text for word in words] == [each == language] * len(words), (each, text)


@pytest.mark.parametrize(("clerk", "customer"), PAIRS)
def test_a_letter_is_the_customer_s_own(sqlite_site, clerk, customer):
    title, amount, deadline = CUSTOMERS[customer]
    with open_desk(sqlite_site, clerk, customer) as page:
        speak(sqlite_site, clerk)
        assert page.click("letter") == 200

    with sqlite_site.reading() as session:
        printed = session.scalars(select(RecordedAction.document)).one()
        content = documents.read(session, sha256=printed).content
    text = text_of(content)
    assert_speaks(customer[0], text)
    assert all(each in text for each in (title, amount, deadline))
    assert tuple(map(round, PdfReader(BytesIO(content)).pages[0].mediabox[2:])) == PAPER[customer[1]]


@pytest.mark.parametrize(("clerk", "customer"), PAIRS)
def test_drafts_and_statements_are_too(sqlite_site, clerk, customer):
    with open_desk(sqlite_site, clerk, customer) as page:
        speak(sqlite_site, clerk)
        draft, statement = (
            page.visitor.get(f"{page.path}/{name}.pdf") for name in ("letter/draft", "statement")
        )

    assert (draft.status_code, statement.status_code) == (200, 200)
    assert_speaks(customer[0], text_of(draft.data))
    assert WORDS[customer[0]][2] in text_of(statement.data)


@pytest.mark.parametrize(("clerk", "customer"), PAIRS)
def test_an_e_mail_is_too(sqlite_site, clerk, customer):
    _title, amount, deadline = CUSTOMERS[customer]
    with open_desk(sqlite_site, clerk, customer) as page:
        speak(sqlite_site, clerk)
        assert page.click("email") == 200
        with sqlite_site.reading() as session:
            delivery = queued_delivery(session, delivery_id=session.scalars(select(Delivery.id)).one())
            found = FollowUpPreparer().facts(session, delivery, today=TODAY)
        said = render_email(found.message.letter)

    for text in (plain(said.text), plain(re.sub(r"<[^>]+>", " ", said.html))):
        assert_speaks(customer[0], text)
        assert amount in text
        assert deadline in text
