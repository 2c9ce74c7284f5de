"""A worker dies just before or just after each of its commits, and while it hands a message over; another one takes over."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from arfollow import clock, database
from arfollow.chatter.verification import verify
from arfollow.delivery import operations
from arfollow.delivery.mime import MissingAddressError
from arfollow.delivery.queries import outgoing_delivery
from arfollow.delivery.rules import MAX_ATTEMPTS, Refused, Sent
from arfollow.delivery.sending import send_due, settle_left_behind
from arfollow.delivery.tables import Delivery
from tests.crash.processes import exit_code, fork

DIED = 77
LATER = timedelta(hours=1)


@dataclass
class Mail:
    """A mail server that outlives the worker: it writes down what it takes."""

    journal: Path
    answer: object = Sent(answer="250 OK")
    dies: str = ""

    def send(self, envelope):
        if self.dies == "before":
            os._exit(DIED)
        if isinstance(self.answer, Sent):
            with self.journal.open("a") as file:
                file.write(f"{envelope.message_id}\n")
        if self.dies == "after":
            os._exit(DIED)
        return self.answer

    def taken(self) -> int:
        return len(self.journal.read_text().split()) if self.journal.exists() else 0


def die_at(operation: str, moment: str) -> None:
    """From now on, the commit of that operation is the end of this process."""
    commit, original, is_next = database.commit, getattr(operations, operation), []

    def noted(*arguments, **options):
        is_next.append(True)
        return original(*arguments, **options)

    def commit_or_die(session):
        if is_next and moment == "before":
            os._exit(DIED)
        commit(session)
        if is_next:
            os._exit(DIED)

    setattr(operations, operation, noted)
    database.commit = commit_or_die


@pytest.fixture
def mail(tmp_path):
    return Mail(tmp_path / "taken")


@pytest.fixture
def dead(engine, engine_url):
    """Does a piece of work in a process that dies of it."""

    def die(work) -> None:
        def alone():
            with Session(database.open_engine(engine_url), expire_on_commit=False) as session:
                work(session)

        engine.dispose()
        assert exit_code(fork(alone)) == DIED

    return die


@pytest.fixture
def ends(sessions, mail, reminders, entries):
    """How a delivery ends once another worker has taken over: its state, and how often the mail server took it."""

    def end(delivery_id: int) -> tuple[str, int]:
        reminders.problem, mail.answer = None, Sent(answer="250 OK")
        with clock.moved_to(clock.now() + LATER), sessions() as session:
            settle_left_behind(session)
            send_due(session, channel=mail)
            state = outgoing_delivery(session, delivery_id=delivery_id).state
            assert verify(session, company_id=1).is_intact
        assert [entry.tag for entry in entries()].count(f"email:{state}") == 1
        return state, mail.taken()

    return end


@pytest.fixture
def state_of(sessions):
    def read(delivery_id: int) -> str:
        with sessions() as session:
            return outgoing_delivery(session, delivery_id=delivery_id).state

    return read


NOT_NOW = Refused(answer="451 later", permanent=False)
NEVER = Refused(answer="550 no", permanent=True)


@pytest.mark.parametrize(
    ("operation", "moment", "answer", "left", "end"),
    [
        ("claim", "before", Sent(), "queued", ("sent", 1)),
        ("claim", "after", Sent(), "queued", ("sent", 1)),
        ("begin_sending", "before", Sent(), "queued", ("sent", 1)),
        ("begin_sending", "after", Sent(), "sending", ("uncertain", 0)),
        ("settle", "before", Sent(), "sending", ("uncertain", 1)),
        ("settle", "after", Sent(), "sent", ("sent", 1)),
        ("settle", "before", NOT_NOW, "sending", ("uncertain", 0)),
        ("settle", "after", NOT_NOW, "queued", ("sent", 1)),
        ("settle", "before", NEVER, "sending", ("uncertain", 0)),
        ("settle", "after", NEVER, "failed", ("failed", 0)),
    ],
)
def test_a_worker_that_dies_at_a_commit_leaves_it_to_the_next(
    queue, reminders, mail, dead, state_of, ends, operation, moment, answer, left, end
):
    delivery_id = queue()
    mail.answer = answer

    def work(session):
        die_at(operation, moment)
        send_due(session, channel=mail)

    dead(work)

    assert state_of(delivery_id) == left
    assert ends(delivery_id) == end


@pytest.mark.parametrize(
    ("moment", "left", "end"),
    [
        ("before", ["sending", "queued", "queued"], ["uncertain", "sent", "sent"]),
        ("after", ["sent", "sending", "queued"], ["sent", "uncertain", "sent"]),
    ],
)
def test_a_worker_that_dies_between_two_messages_loses_neither_and_sends_none_twice(
    queue, reminders, mail, dead, state_of, sessions, moment, left, end
):
    deliveries = [queue("a"), queue("b"), queue("c")]

    def work(session):
        die_at("settle", moment)
        send_due(session, channel=mail)

    dead(work)
    assert [state_of(each) for each in deliveries] == left
    with clock.moved_to(clock.now() + LATER), sessions() as session:
        settle_left_behind(session)
        send_due(session, channel=mail)
        assert verify(session, company_id=1).is_intact

    assert [state_of(each) for each in deliveries] == end
    taken = mail.journal.read_text().split()
    assert len(taken) == len(set(taken)) == (3 if moment == "before" else 2)


@pytest.mark.parametrize(("moment", "taken"), [("before", 0), ("after", 1)])
def test_a_worker_that_dies_handing_over_leaves_it_uncertain(
    queue, reminders, mail, dead, state_of, ends, moment, taken
):
    delivery_id = queue()

    def work(session):
        mail.dies = moment
        send_due(session, channel=mail)

    dead(work)

    assert state_of(delivery_id) == "sending"
    assert ends(delivery_id) == ("uncertain", taken)


@pytest.mark.parametrize(
    ("moment", "problem", "left", "end"),
    [
        ("before", MissingAddressError("The customer"), "queued", ("sent", 1)),
        ("after", MissingAddressError("The customer"), "failed", ("failed", 0)),
        ("before", RuntimeError("the template is broken"), "queued", ("sent", 1)),
        ("after", RuntimeError("the template is broken"), "queued", ("sent", 1)),
    ],
    ids=str,
)
def test_a_worker_that_dies_putting_back_what_it_cannot_prepare(
    queue, reminders, mail, dead, state_of, ends, moment, problem, left, end
):
    delivery_id = queue()
    reminders.problem = problem

    def work(session):
        die_at("put_back", moment)
        send_due(session, channel=mail)

    dead(work)

    assert state_of(delivery_id) == left
    assert ends(delivery_id) == end


@pytest.mark.parametrize(("moment", "left"), [("before", "queued"), ("after", "cancelled")])
def test_a_worker_that_dies_cancelling_what_nobody_owes(
    queue, reminders, mail, dead, state_of, ends, moment, left
):
    delivery_id = queue()
    reminders.owed = ["0.00"] * 4

    def work(session):
        die_at("cancel_claimed", moment)
        send_due(session, channel=mail)

    dead(work)

    assert state_of(delivery_id) == left
    assert ends(delivery_id) == ("cancelled", 0)


@pytest.mark.parametrize(("moment", "left"), [("before", "sending"), ("after", "uncertain")])
def test_a_worker_that_dies_settling_what_another_one_left_behind(
    queue, reminders, mail, dead, state_of, ends, moment, left
):
    delivery_id = queue()

    def work(session):
        die_at("begin_sending", "after")
        send_due(session, channel=mail)

    def settle(session):
        die_at("expire", moment)
        with clock.moved_to(clock.now() + LATER):
            settle_left_behind(session)

    dead(work)
    dead(settle)

    assert state_of(delivery_id) == left
    assert ends(delivery_id) == ("uncertain", 0)


@pytest.mark.parametrize(("moment", "left"), [("before", "queued"), ("after", "failed")])
def test_a_worker_that_dies_giving_up_what_killed_its_workers(
    session, queue, reminders, mail, dead, state_of, ends, moment, left
):
    delivery_id = queue()
    database.begin_write(session)
    session.execute(update(Delivery).values(attempts=MAX_ATTEMPTS, lease_until=clock.now()))
    database.commit(session)

    def settle(session):
        die_at("expire", moment)
        with clock.moved_to(clock.now() + LATER):
            settle_left_behind(session)

    dead(settle)

    assert state_of(delivery_id) == left
    assert ends(delivery_id) == ("failed", 0)


@pytest.mark.parametrize(
    ("moment", "left", "end"),
    [("before", "queued", ("sent", 1)), ("after", "cancelled", ("cancelled", 0))],
)
def test_a_web_process_that_dies_taking_a_message_back(
    queue, reminders, mail, dead, state_of, ends, moment, left, end
):
    delivery_id = queue()

    def take_back(session):
        die_at("cancel", moment)
        database.begin_write(session)
        operations.cancel(session, company_id=1, delivery_id=delivery_id, reason="No.", who="Ana")
        database.commit(session)

    dead(take_back)

    assert state_of(delivery_id) == left
    assert ends(delivery_id) == end
