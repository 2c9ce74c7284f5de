"""A few dozen kills; script/crash does a thousand."""

from tests.crash.rig import run


def test_processes_that_are_killed_send_nothing_twice_and_lose_nothing(engine_url, tmp_path):
    outcome = run(engine_url, tmp_path, kills=30, seed=3, pause=0.2)

    assert outcome.verdict.problems == ()
    assert outcome.verdict.sent > 0
    assert outcome.workers_killed + outcome.webs_killed == 30
