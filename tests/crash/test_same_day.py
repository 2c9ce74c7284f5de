"""A shortened `script/crash --same-day`, which runs the day a hundred times."""

import pytest

from tests.crash.same_day import CUSTOMERS, DAYS, MONDAY, fill, live_through, outcome
from tests.fixtures.apps import make_settings


@pytest.fixture
def settings(engine_url, tmp_path):
    made = make_settings(engine_url, tmp_path)
    fill(made)
    return made


def test_a_day_that_is_run_again_and_again_writes_to_each_customer_once(settings):
    live_through(settings, MONDAY, processes=8, runs=10)

    found = outcome(settings)
    assert set(found.queued.values()) == {1}
    assert len(found.queued) == CUSTOMERS
    assert found.digests == ("after", "ahead")
    assert found.done == {"system": CUSTOMERS}
    assert [found.left[f"c{number}@example.com"] for number in range(CUSTOMERS)] == [1] * CUSTOMERS


def test_the_repeat_months_later_still_goes_out_once(settings):
    for day in DAYS:
        live_through(settings, day, processes=2, runs=3)

    found = outcome(settings)
    assert set(found.queued.values()) == {2}
    assert found.done == {"system": 2 * CUSTOMERS}
    assert [found.left[f"c{number}@example.com"] for number in range(CUSTOMERS)] == [2] * CUSTOMERS
