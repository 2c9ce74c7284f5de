from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from arfollow import clock
from arfollow.access import Role
from arfollow.companies.queries import text_hours
from arfollow.config import TextGateway
from arfollow.delivery.texts.operations import receive
from arfollow.delivery.texts.rules import Text
from arfollow.delivery.texts.tables import ReceivedText
from arfollow.receivables.operations.customers import CustomerFields, save_customer
from tests.fixtures.gateway import NUMBER, Reply

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def inbox(site):
    """The site with customers C-1 and C-12, and a text (1) from a number that nobody has."""
    with clock.moved_to(NOON):
        with site.writing() as session:
            for number, name in (("C-1", "Bäckerei Ümit"), ("C-12", "Ljubljana Trade")):
                save_customer(
                    session,
                    company_id=site.company_id,
                    number=number,
                    customer=CustomerFields(name=name),
                    who="Ana",
                )
            text = Text(id="in-1", sender="+491713920099", recipient=NUMBER, text="LEARN", at=NOON)
            receive(session, text=text)
        yield site


def customer_of(site):
    with site.reading() as session:
        return session.scalars(select(ReceivedText.customer_id)).one()


def test_the_inbox_shows_who_wrote_what(inbox):
    page = inbox.sign_in(Role.CLERK).get("/texts").text

    assert "+49 171 3920099" in page
    assert "LEARN" in page


@pytest.mark.parametrize("words", ["C-1", "Ljubljana"])
def test_a_text_is_assigned_by_number_or_name(inbox, words):
    clerk = inbox.sign_in(Role.CLERK)

    answer = clerk.post("/texts/1/assign", {"customer": words})

    assert answer.status_code == 303
    assert customer_of(inbox) is not None
    assert inbox.entries("sms") == [("sms:received", "Text message received: LEARN")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "Enter the customer"),
        ("C", "Several customers fit"),
        ("nobody", "There is no such customer."),
    ],
)
def test_what_names_no_customer_is_refused_at_the_field(inbox, words, said):
    answer = inbox.sign_in(Role.CLERK).post("/texts/1/assign", {"customer": words})

    assert answer.status_code == 422
    assert said in answer.text
    assert customer_of(inbox) is None


def test_a_text_is_put_aside(inbox):
    clerk = inbox.sign_in(Role.CLERK)

    clerk.post("/texts/1/put-aside")

    assert "Nothing to assign." in clerk.get("/texts").text
    assert clerk.post("/texts/1/put-aside").status_code == 409


def test_an_auditor_reads_and_changes_nothing(inbox):
    auditor = inbox.sign_in(Role.AUDITOR)

    assert "Put aside" not in auditor.get("/texts").text
    assert auditor.post("/texts/1/put-aside").status_code == 403


def test_the_hours_are_changed_and_told(site):
    administrator = site.sign_in(Role.ADMINISTRATOR)

    administrator.post("/settings/texts/hours", {"begin": "09:00", "end": "18:30", "on_days_of_rest": "y"})

    with site.reading() as session:
        hours = text_hours(session, company_id=site.company_id)
    assert (hours.begin, hours.end, hours.on_days_of_rest) == (time(9), time(18, 30), True)
    assert [tag for tag, _ in site.entries("company")][-1] == "company:text-hours"


def test_hours_that_end_before_they_begin_are_refused(sqlite_site):
    answer = sqlite_site.sign_in(Role.ADMINISTRATOR).post(
        "/settings/texts/hours", {"begin": "20:00", "end": "08:00"}
    )

    assert answer.status_code == 422
    assert "The end has to be later than the beginning." in answer.text


@pytest.fixture
def with_gateway(sqlite_site):
    """Sets the gateway."""
    settings = sqlite_site.app.config["SETTINGS"]

    def set_one(texts: TextGateway):
        sqlite_site.app.config["SETTINGS"] = type(settings)(**{**vars(settings), "texts": texts})
        return sqlite_site.sign_in(Role.ADMINISTRATOR)

    yield set_one
    sqlite_site.app.config["SETTINGS"] = settings


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(200), "has taken the message for +49 171 3920012."),
        (Reply(422, {"error": "no credit"}), "was not taken."),
        (Reply(0), "Nobody can tell whether the message"),
    ],
)
def test_a_test_message_says_what_came_of_it(with_gateway, sqlite_site, text_gateway, reply, words):
    administrator = with_gateway(text_gateway.settings)
    text_gateway.replies = [reply]

    page = administrator.post("/settings/texts/test", {"to": "0171 3920012"}).text

    assert words in page
    assert text_gateway.texts == [("+491713920012", "This is a test message from ACME GmbH.")]
    assert [tag for tag, _ in sqlite_site.entries("sms")] == ["sms:tested"]


@pytest.mark.parametrize(
    ("texts", "to", "words"),
    [
        (TextGateway(), "0171 3920012", "No gateway is set."),
        (TextGateway(url="ftp://x"), "0171 3920012", "cannot be understood."),
        (TextGateway(url="file:///nowhere"), "soon", "is not a telephone number."),
    ],
)
def test_a_test_message_that_cannot_leave_is_refused_in_words(with_gateway, texts, to, words):
    answer = with_gateway(texts).post("/settings/texts/test", {"to": to})

    assert answer.status_code == 422
    assert words in answer.text


def test_the_settings_show_no_secret(with_gateway, text_gateway):
    page = with_gateway(text_gateway.settings).get("/settings/texts").text

    assert "127.0.0.1" in page
    assert [each for each in ("pass/word", "pass%2Fword", text_gateway.settings.secret) if each in page] == []
