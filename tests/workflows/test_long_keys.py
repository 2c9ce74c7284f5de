"""What could be nobody's key is refused at each door by which events come in, with its field."""

import pytest

from arfollow.access import Role
from arfollow.exchange.files import File
from arfollow.exchange.operations import apply, prepare
from arfollow.exchange.problems import ImportRefusedError
from arfollow.exchange.translating import Reading
from arfollow.profiles.tables import CustomerEvent
from tests.api.test_events import SEEN, Program
from tests.factories import TODAY, books
from tests.workflows.triggered import by, count

LONG = "A" * 201


@pytest.fixture(autouse=True)
def booked(site, published):
    with books(site) as book:
        book.customer(number="C-1")
    published(by("event", event="booked", key="appointment"))


def test_the_form_names_it(site):
    visitor = site.sign_in(Role.CLERK)

    answer = visitor.post(
        "/customers/C-1/profile/events",
        {"kind": "booked", "day": "2026-11-20", "data-name": "appointment", "data-value": LONG},
    )

    assert (answer.status_code, count(site, CustomerEvent)) == (422, 0)
    assert "“appointment” tells workflows what the event is about" in answer.text
    assert 'is-invalid" aria-invalid="true" name="data-value"' in answer.text


def test_another_program_is_told_its_index_and_field(site):
    told = {**SEEN, "event": "booked"}

    answer = Program(site).post(told, {**told, "key": "2", "data": {"appointment": LONG}})

    assert (answer.status_code, count(site, CustomerEvent)) == (422, 0)
    [problem] = answer.json["problems"]
    assert (problem["index"], problem["field"]) == (1, "data.appointment")


def test_an_import_is_told_its_row_and_field(site):
    text = (
        f"customer,event,at,key,data:appointment\nC-1,booked,2026-11-20,1,A\nC-1,booked,2026-11-20,2,{LONG}\n"
    )

    ready = prepare([File(name="events.csv", content=text.encode())], Reading())

    with pytest.raises(ImportRefusedError) as refused, site.writing() as session:
        apply(session, company_id=site.company_id, prepared=ready, today=TODAY, who="Paula")

    [problem] = refused.value.problems
    assert (problem.file, problem.line, problem.field) == ("events.csv", 3, "data:appointment")
    assert count(site, CustomerEvent) == 0


def test_what_is_no_key_may_be_long(site):
    answer = Program(site).post({**SEEN, "event": "booked", "data": {"note": LONG, "appointment": "A"}})

    assert answer.json == {"received": 1, "new": 1}
