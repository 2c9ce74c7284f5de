import os

import pytest

from tests.crash.processes import ProcessFailedError, in_processes


def test_each_number_is_worked_on_in_a_process_of_its_own():
    results = in_processes(3, lambda number: (number, os.getpid()))

    assert [number for number, _ in results] == [0, 1, 2]
    assert len({os.getpid(), *(pid for _, pid in results)}) == 4


def test_a_process_that_raises_says_what():
    with pytest.raises(ProcessFailedError, match="ZeroDivisionError"):
        in_processes(2, lambda number: 1 // number)


def test_a_process_that_dies_is_missed():
    with pytest.raises(ProcessFailedError, match="Process 1 gave no result"):
        in_processes(2, lambda number: os._exit(9) if number else None)
