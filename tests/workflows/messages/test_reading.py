"""What words speak of, read for many customers."""

import pytest

from arfollow.tasks.tables import Task
from arfollow.workflows.rules.definition import Kind
from tests.factories import books
from tests.followup.desks import counted
from tests.workflows.messages.conftest import Desk
from tests.workflows.walking import step, wait

NAMES = (
    "customer_name total_due history answers sales_contact invoice_amount campaign_name "
    "field.size event.booked.place answer.satisfaction.score value.code"
)


@pytest.fixture
def desk(sqlite_site) -> Desk:
    return Desk(sqlite_site, None)


def enrolled(desk, *numbers):
    """Their task names all that there is; it is due."""
    text = " ".join(f"{{{{ {name} }}}}" for name in NAMES.split())
    words = {"en": {"title": "Call {{ customer_name }}", "text": text}}
    with books(desk.site) as book:
        ids = [book.debtor(f"Customer {each}", ("10.00", 20), number=each) for each in numbers]
    for number, customer_id in zip(numbers, ids, strict=True):
        call = step("call", Kind.ACTIVITY, words=words)
        desk.run(call, wait("w"), customer_id=customer_id, key="K", name=number, values={"code": number})


def test_takes_as_many_statements_for_four_as_for_one(desk):
    reads = []
    for numbers in (["A"], ["B", "C", "D", "E"]):
        enrolled(desk, *numbers)
        with counted(desk.site) as sent:
            desk.work()
        reads.append(len([each for each in sent if each.startswith("SELECT")]))

    assert reads[0] == reads[1]
    with desk.site.reading() as session:
        tasks = session.query(Task).all()
    assert {(task.title[-1], task.text.split("\n")[0].split()[-1]) for task in tasks} == {
        (each, each) for each in "ABCDE"
    }
