from structlog.testing import capture_logs

from arfollow.fence import operations
from arfollow.fence.jobs import Watch
from arfollow.fence.queries import standing
from arfollow.fence.rules import Reason
from tests.fence.conftest import House

SAID = "nothing is sent: an administrator has to confirm that this is the live system"


def look(house, watch: Watch) -> list[str]:
    """What the job says."""
    with house.writing() as session, capture_logs() as logs:
        session.rollback()
        watch(session)
    return [entry["event"] for entry in logs]


def test_a_worker_says_once_that_nothing_is_sent(house):
    watch = Watch()
    assert look(house, watch) == []
    with house.writing() as session:
        operations.close(session, because=Reason.BY_HAND)

    assert [look(house, watch), look(house, watch)] == [[SAID], []]
    house.confirm()
    assert look(house, watch) == []


def test_a_worker_that_starts_confirms_a_new_database(engine_url):
    house = House(engine_url)

    look(house, Watch())

    with house.writing() as session:
        assert standing(session).confirmed_because == operations.FIRST_START


def test_the_count_rises_each_hour_that_the_worker_looks(file_house):
    watch, counts = Watch(), []
    for _ in range(3):
        file_house.hours += 1
        look(file_house, watch)
        with file_house.writing() as session:
            counts.append(standing(session).count)

    assert counts == [2, 3, 4]
