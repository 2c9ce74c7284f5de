import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from arfollow import clock
from arfollow.access import Role
from arfollow.delivery.operations import enqueue
from arfollow.delivery.tables import Delivery
from arfollow.delivery.texts.tables import ReceivedText
from arfollow.receivables.operations.customers import CustomerFields, save_customer
from tests.fixtures.gateway import NUMBER, SECRET, signed_post

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TEXT = {"id": "in-1", "from": "+491713920012", "to": NUMBER, "text": "Ja", "at": "2026-11-21T11:58:00+00:00"}
REPORT = {"id": "gw-1", "status": "delivered"}


@pytest.fixture
def site(sqlite_site):
    """Each page is opened on both engines by the guards."""
    return sqlite_site


@pytest.fixture
def gateway_site(site):
    """The site with a gateway's secret, at noon."""
    settings = site.app.config["SETTINGS"]
    site.app.config["SETTINGS"] = replace(
        settings, texts=replace(settings.texts, secret=SECRET, number=NUMBER)
    )
    with clock.moved_to(NOON):
        yield site
    site.app.config["SETTINGS"] = settings


def count(site, table=ReceivedText):
    with site.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def post_text(site, told=TEXT, **changes):
    return signed_post(site.app.test_client(), "/gateway/texts", told, **({"kind": "text"} | changes))


def post_report(site, told=REPORT, **changes):
    return signed_post(site.app.test_client(), "/gateway/reports", told, **({"kind": "report"} | changes))


def test_a_signed_text_is_taken_without_a_session(gateway_site):
    answer = post_text(gateway_site)

    assert (answer.status_code, answer.json) == (200, {"accepted": True})
    assert "Set-Cookie" not in answer.headers
    assert count(gateway_site) == 1


def test_a_text_that_is_told_twice_is_taken_once(gateway_site):
    first, second = post_text(gateway_site), post_text(gateway_site)

    assert (first.status_code, second.status_code) == (200, 200)
    assert count(gateway_site) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": "another secret!!"},
        {"signature": ""},
        {"kind": "report"},
        {"kind": "send"},
        {"at": int((NOON - timedelta(minutes=6)).timestamp())},
        {"at": int((NOON + timedelta(minutes=6)).timestamp())},
    ],
)
def test_what_is_not_signed_for_this_and_now_is_refused(gateway_site, changes):
    assert post_text(gateway_site, **changes).status_code == 401
    assert count(gateway_site) == 0


def test_without_a_secret_nothing_is_taken(site):
    answer = signed_post(site.app.test_client(), "/gateway/texts", TEXT, kind="text", secret="")

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (b"[]", "JSON object"),
        (b"\xff", "JSON object"),
        ({**TEXT, "id": None}, "Give id and from"),
        ({**TEXT, "text": ["Ja"]}, "text has to be a text"),
        ({**TEXT, "text": "a" * 6000}, "at most 5000"),
        ({**TEXT, "at": "noon"}, "at has to be an instant"),
        ({**TEXT, "at": "2026-11-21T11:58:00"}, "time zone"),
        ({**TEXT, "at": "0001-01-01T00:00:00+14:00"}, "calendar"),
    ],
)
def test_a_text_that_says_too_little_is_refused_in_words(gateway_site, told, words):
    answer = post_text(gateway_site, told)

    assert answer.status_code == 400
    assert words in answer.json["error"]


def test_a_text_with_what_no_database_keeps_is_cleaned(gateway_site):
    answer = post_text(gateway_site, json.dumps({**TEXT, "text": "J\0a\ud800"}).encode())

    assert answer.status_code == 200
    with gateway_site.reading() as session:
        assert session.scalars(select(ReceivedText.text)).one() == "Ja"


def test_what_is_too_large_is_refused(gateway_site):
    assert post_text(gateway_site, b" " * 70_000).status_code == 413


@pytest.fixture
def text_id(gateway_site):
    """A text that the gateway calls gw-1 and has taken."""
    with gateway_site.writing() as session:
        customer_id = save_customer(
            session,
            company_id=gateway_site.company_id,
            number="C-1",
            customer=CustomerFields(name="Ümit", phone="0171 3920012"),
            who="Ana",
        )
        delivery_id = enqueue(
            session,
            company_id=gateway_site.company_id,
            customer_id=customer_id,
            key="workflow:5:0:s1:1",
            purpose="workflow",
            channel="sms",
            facts={},
            queued_by="system",
            recipient="+491713920012",
        )
        delivery = session.get_one(Delivery, delivery_id)
        delivery.state, delivery.reference = "sent", "gw-1"
    return delivery_id


def test_a_report_stands_on_the_page_of_the_text(gateway_site, text_id):
    answer = post_report(gateway_site)

    assert (answer.status_code, answer.json) == (200, {"accepted": True})
    page = gateway_site.sign_in(Role.CLERK).get(f"/deliveries/{text_id}").text
    assert "It is on the customer's telephone" in page


def test_an_undelivered_text_brings_the_customer_up(gateway_site, text_id):
    post_report(gateway_site, {**REPORT, "status": "undelivered", "reason": "absent subscriber"})

    clerk = gateway_site.sign_in(Role.CLERK)
    assert "Here because a message was not delivered" in clerk.get("/customers/C-1").text
    assert "absent subscriber" in clerk.get("/deliveries").text


def test_a_report_about_another_text_is_not_found(gateway_site, text_id):
    assert post_report(gateway_site, {**REPORT, "id": "gw-2"}).status_code == 404


def test_a_report_that_overtakes_the_answer_is_to_come_again(gateway_site, text_id):
    with gateway_site.writing() as session:
        session.get_one(Delivery, text_id).state = "sending"

    answer = post_report(gateway_site)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


@pytest.mark.parametrize("told", [{"status": "delivered"}, {"id": "gw-1"}, {"id": "gw-1", "status": "read"}])
def test_a_report_that_says_too_little_is_refused(gateway_site, told):
    assert post_report(gateway_site, told).status_code == 400
