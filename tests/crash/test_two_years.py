"""Two years at a time: nothing is sent twice, nothing is claimed that was paid, and no state lies."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.crash.years import TwoYears


def test_two_years_of_faults_break_no_promise():
    run_state_machine_as_test(
        TwoYears,
        settings=settings(
            max_examples=5,
            stateful_step_count=40,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
