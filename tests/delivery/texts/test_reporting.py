import pytest
from sqlalchemy import select

from arfollow import database
from arfollow.delivery import operations as outbox
from arfollow.delivery.operations.sending import begin_sending
from arfollow.delivery.queries import outgoing_delivery
from arfollow.delivery.texts.operations import TooEarlyError, UnknownMessageError, report
from arfollow.delivery.texts.rules import Fate, Report
from arfollow.profiles.tables import CustomerEvent
from tests.fixtures.gateway import Reply

NAMES = {"delivered": Fate.DELIVERED, "undelivered": Fate.UNDELIVERED}


@pytest.fixture
def tell(sessions):
    """Reports in one transaction each."""

    def tell_one(*fates: str, id_: str = "gw-1", reference: str = "", reason: str = "") -> None:
        for fate in fates:
            with sessions() as session:
                database.begin_write(session)
                told = Report(id=id_, reference=reference, fate=NAMES[fate], reason=reason)
                report(session, told=told)
                database.commit(session)

    return tell_one


@pytest.fixture
def found(sessions):
    """The delivery as it stands."""

    def find(delivery_id: int):
        with sessions() as session:
            return outgoing_delivery(session, delivery_id=delivery_id)

    return find


@pytest.fixture
def events(sessions):
    """Kind, step and data of the customer's events."""

    def read() -> list:
        with sessions() as session:
            return [(row.kind, row.of, row.data) for row in session.scalars(select(CustomerEvent))]

    return read


def test_a_delivered_text_says_when(queue_text, send_texts, tell, found, entries, events):
    delivery_id = queue_text()
    send_texts()

    tell("delivered")

    delivery = found(delivery_id)
    assert delivery.state == "sent"
    assert delivery.delivered_at is not None
    assert [entry.tag for entry in entries()] == ["sms:sent", "sms:delivered"]
    assert events() == []


def test_an_undelivered_text_is_a_question_and_an_event(queue_text, send_texts, tell, found, entries, events):
    delivery_id = queue_text()
    send_texts()

    tell("undelivered", reason="absent subscriber")

    delivery = found(delivery_id)
    assert (delivery.state, delivery.is_decided) == ("returned", False)
    assert delivery.explanation == "absent subscriber"
    assert [entry.tag for entry in entries()] == ["sms:sent", "sms:undelivered", "event:noted"]
    assert events() == [("failed", "s1", {"channel": "sms", "enrolment": 5})]


def test_a_clerk_may_close_the_question(sessions, queue_text, send_texts, tell, found):
    delivery_id = queue_text()
    send_texts()
    tell("undelivered")

    with sessions() as session:
        database.begin_write(session)
        outbox.give_up(session, company_id=1, delivery_id=delivery_id, reason="called", who="Ana")
        database.commit(session)

    assert found(delivery_id).is_decided


@pytest.mark.parametrize(
    ("fates", "state"),
    [
        (["delivered", "delivered"], "sent"),
        (["undelivered", "undelivered"], "returned"),
        (["delivered", "undelivered"], "sent"),
        (["undelivered", "delivered"], "sent"),
        (["undelivered", "delivered", "undelivered"], "sent"),
    ],
)
def test_late_and_repeated_reports_do_no_harm(
    queue_text, send_texts, tell, found, events, entries, fates, state
):
    delivery_id = queue_text()
    send_texts()

    tell(*fates)

    assert found(delivery_id).state == state
    assert len(events()) == ("undelivered" in fates and fates[0] == "undelivered")
    tags = [entry.tag for entry in entries()]
    assert len(tags) == len(set(tags))


@pytest.mark.parametrize(("fate", "state"), [("delivered", "sent"), ("undelivered", "returned")])
def test_a_report_ends_a_doubt(queue_text, send_texts, text_gateway, tell, found, fate, state):
    delivery_id = queue_text()
    text_gateway.replies = [Reply(0)]
    send_texts()
    reference = found(delivery_id).message_id.strip("<>")

    tell(fate, id_="gw-9", reference=reference)

    assert found(delivery_id).state == state


def test_a_report_that_overtakes_the_answer_is_asked_for_again(sessions, queue_text, texts, tell, found):
    delivery_id = queue_text()
    with sessions() as session:
        database.begin_write(session)
        claim = outbox.claim(session)
        begin_sending(session, claim=claim, recipient="+491713920012", subject="", facts={}, files=())
        database.commit(session)

    with pytest.raises(TooEarlyError):
        tell("delivered", id_="", reference=found(delivery_id).message_id.strip("<>"))


def test_a_report_about_a_text_that_waits_again_changes_nothing(
    queue_text, send_texts, text_gateway, tell, found
):
    delivery_id = queue_text()
    text_gateway.replies = [Reply(429)]
    send_texts()

    tell("delivered", id_="", reference=found(delivery_id).message_id.strip("<>"))

    assert found(delivery_id).state == "queued"


def test_a_report_about_nothing_is_refused(tell):
    with pytest.raises(UnknownMessageError):
        tell("delivered", id_="gw-77")
