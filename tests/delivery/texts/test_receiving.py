from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from arfollow import database
from arfollow.companies.tables import Company
from arfollow.delivery.texts import queries
from arfollow.delivery.texts.erasing import erase_texts
from arfollow.delivery.texts.operations import AlreadySettledError, assign, put_aside, receive
from arfollow.delivery.texts.queries import Inbox, TextNotFoundError
from arfollow.delivery.texts.rules import Text
from arfollow.profiles.tables import Consent, CustomerEvent
from tests.delivery.texts.conftest import MOBILE
from tests.fixtures.gateway import NUMBER

TEXT = Text(
    id="in-1", sender=MOBILE, recipient=NUMBER, text="Ja, gern", at=datetime(2026, 11, 21, 10, tzinfo=UTC)
)
DATA = {"text": "Ja, gern", "word": "ja", "number": MOBILE}


@pytest.fixture
def take(sessions):
    """Takes in a text in a transaction of its own; whether it was new."""

    def take_one(**changes) -> bool:
        with sessions() as session:
            database.begin_write(session)
            is_new = receive(session, text=replace(TEXT, **changes))
            database.commit(session)
            return is_new

    return take_one


@pytest.fixture
def decide(sessions):
    """Calls an operation about the first text, in a transaction of its own."""

    def decide_one(operation, **values) -> None:
        with sessions() as session:
            database.begin_write(session)
            operation(session, **({"company_id": 1, "text_id": 1, "who": "Ana"} | values))
            database.commit(session)

    return decide_one


@pytest.fixture
def events(sessions):
    """Customer, kind, step and data of all events."""

    def read() -> list:
        with sessions() as session:
            rows = session.scalars(select(CustomerEvent).order_by(CustomerEvent.id))
            return [(row.customer_id, row.kind, row.of, row.data) for row in rows]

    return read


@pytest.fixture
def waiting(sessions):
    """The texts that are to be assigned."""

    def read(company_id: int = 1):
        with sessions() as session:
            return queries.inbox(session, company_id=company_id, view=Inbox.TO_ASSIGN, page=1).rows

    return read


def test_a_text_finds_its_customer_by_number(with_phone, take, events, entries, waiting):
    with_phone()

    assert take()

    assert events() == [(1, "message_received", "", DATA)]
    assert [entry.tag for entry in entries()] == ["sms:received", "event:noted"]
    assert waiting() == ()


def test_the_same_text_told_twice_is_one(with_phone, take, events):
    with_phone()

    assert (take(), take()) == (True, False)

    assert len(events()) == 1


def test_an_answer_tells_the_step_that_it_answers(with_phone, queue_text, send_texts, take, events):
    with_phone()
    queue_text("workflow:5:0:s1:1")
    queue_text("workflow:5:0:s7:1")
    send_texts()

    take()

    assert events() == [
        (1, "message_received", "", DATA),
        (1, "replied", "s7", {**DATA, "channel": "sms", "enrolment": 5}),
    ]


def test_a_text_from_an_unknown_number_waits(take, events, waiting):
    take()

    assert events() == []
    [row] = waiting()
    assert (row.sender, row.text, row.candidates) == (MOBILE, "Ja, gern", ())


def test_a_number_that_several_have_tells_nobodys_name(with_phone, take, events, waiting):
    with_phone()
    with_phone("+49 171 39200-12", customer_id=None)

    take()

    assert events() == []
    [row] = waiting()
    assert [each.name for each in row.candidates] == ["Bäckerei Ümit", "Ümit & Co"]


def test_a_text_counts_once_somebody_says_whose_it_is(take, decide, events, waiting):
    take()

    decide(assign, customer_id=1)

    assert events() == [(1, "message_received", "", DATA)]
    assert waiting() == ()


def test_a_text_is_assigned_once(take, decide):
    take()
    decide(assign, customer_id=1)

    with pytest.raises(AlreadySettledError):
        decide(put_aside)


def test_a_text_that_is_nobodys_is_put_aside(take, decide, events, waiting, entries):
    take()

    decide(put_aside)

    assert (events(), waiting()) == ([], ())
    assert [entry.tag for entry in entries()] == ["sms:put-aside"]


def test_a_text_of_another_company_is_not_there(take, decide):
    take()

    with pytest.raises(TextNotFoundError):
        decide(put_aside, company_id=2)


@pytest.mark.parametrize("word", ["STOP", "Stopp", "ARRÊT"])
def test_a_word_withdraws_consent_and_is_answered_by_nothing(
    sessions, with_phone, take, events, entries, text_gateway, word
):
    with_phone()

    take(text=word)

    with sessions() as session:
        [consent] = session.scalars(select(Consent))
        assert (consent.channel, consent.given) == ("sms", False)
    assert events() == [(1, "opted_out", "", {"channel": "sms"})]
    assert [entry.tag for entry in entries()] == ["sms:received", "consent:withdrawn", "event:noted"]
    assert text_gateway.requests == []


def test_stop_holds_for_all_who_have_the_number(sessions, with_phone, take, waiting):
    with_phone()
    with_phone("+49 171 39200-12", customer_id=None)

    take(text="STOP")

    with sessions() as session:
        assert {row.customer_id for row in session.scalars(select(Consent))} == {1, 2}
    assert waiting() == ()


def test_a_number_is_looked_for_where_it_was_written_to(
    sessions, with_phone, queue_text, send_texts, take, events
):
    with sessions() as session:
        database.begin_write(session)
        session.add(Company(name="Other", country="DE", currency="EUR"))
        database.commit(session)
    with_phone()
    with_phone("+49 171 39200-12", customer_id=None, company_id=2)
    queue_text()
    send_texts()

    take()

    assert {customer_id for customer_id, *_ in events()} == {1}


def test_a_changed_number_is_known_by_what_went_there(queue_text, send_texts, take, events):
    queue_text()
    send_texts()

    take()

    assert [kind for _, kind, *_ in events()] == ["message_received", "replied"]


def test_erasing_a_customer_takes_its_texts(sessions, with_phone, take):
    with_phone()
    take()

    with sessions() as session:
        database.begin_write(session)
        erase_texts(session, 1)
        database.commit(session)
        assert queries.counts(session, company_id=1)[Inbox.ALL] == 0
