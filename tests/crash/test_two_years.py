"""Two years at a time: nothing is sent twice, nothing is claimed that was paid, and no state lies."""

from tests.crash.years import live_two_years


def test_two_years_of_faults_break_no_promise():
    live_two_years(5)
