import pytest

from arfollow.delivery.queries import PAGE_SIZE, View, counts, deliveries
from arfollow.delivery.rules import Doubtful, Refused, Sent
from arfollow.delivery.sending import send_due


@pytest.fixture
def four(session, queue, reminders, mail_server) -> None:
    """Deliveries 1 to 4: sent, failed, uncertain, queued."""
    for key in "abc":
        queue(key)
    mail_server.outcomes = [Sent(), Refused(answer="550 no", permanent=True), Doubtful(answer="?")]
    send_due(session, channel=mail_server)
    queue("d")


def test_each_view_shows_and_counts_its_deliveries(session, four):
    shown = {
        view: [row.id for row in deliveries(session, company_id=1, view=view, page=1).rows] for view in View
    }

    assert shown == {
        "all": [4, 3, 2, 1],
        "to-decide": [3, 2],
        "on-the-way": [4],
        "sent": [1],
        "failed": [2],
        "uncertain": [3],
        "cancelled": [],
    }
    assert counts(session, company_id=1) == {view: len(ids) for view, ids in shown.items()}


def test_a_company_sees_its_own_deliveries(session, four):
    assert deliveries(session, company_id=2, view=View.ALL, page=1).rows == ()
    assert set(counts(session, company_id=2).values()) == {0}


def test_pages_are_full_and_end(session, queue):
    for number in range(PAGE_SIZE + 1):
        queue(f"k{number}")

    pages = [deliveries(session, company_id=1, view=View.ALL, page=number) for number in (1, 2, 3)]

    assert [(page.first, page.last, page.total) for page in pages] == [(1, 50, 51), (51, 51, 51), (0, 0, 51)]
