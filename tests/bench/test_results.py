from datetime import date

import pytest

from tests.bench.ledger import Size
from tests.bench.measuring import Figure
from tests.bench.results import Row, read_rows, rows_of
from tests.bench.sites import Setup

SETUP = Setup(engine="sqlite", size=Size(1000, 10), today=date(2026, 11, 20))


def only_row(unit: str, *runs: list[float]) -> Row:
    figure = Figure("list: all", unit)
    (found,) = rows_of(SETUP, [{figure: run} for run in runs])
    return found


@pytest.mark.parametrize(
    ("unit", "runs", "expected"),
    [
        ("ms", [[5.0]], (5, 5, 5, 5, 0)),
        ("ms", [[*map(float, range(1, 101))]], (50.5, 95, 1, 100, 0)),
        ("rows/s", [[*map(float, range(1, 101))]], (50.5, 6, 100, 1, 0)),
        ("ms", [[10.0, 12.0], [20.0, 22.0], [90.0, 92.0]], (21, 22, 10, 92, 80 / 21)),
        ("errors", [[0.0], [0.0]], (0, 0, 0, 0, 0)),
    ],
)
def test_a_row_says_the_medians_of_its_runs(unit, runs, expected):
    found = only_row(unit, *runs)

    assert (found.p50, found.p95, found.best, found.worst, found.spread) == pytest.approx(expected)
    assert found.runs == len(runs)


def test_a_run_in_which_the_ledger_was_used_up_is_left_out():
    (found,) = rows_of(SETUP, [{Figure("Done", "ms"): [4.0]}, {}])

    assert found.runs == 1


def test_a_row_says_where_it_was_measured():
    found = only_row("ms", [1.0])

    assert (found.engine, found.customers, found.items, found.clock) == ("sqlite", 1000, 10, "wall")
    assert found.cores > 0
    assert found.python.startswith("3.")


def test_rows_are_read_as_they_were_written(tmp_path):
    rows = [only_row("ms", [1.25]), only_row("rows/s", [3.5, 4.5])]
    file = tmp_path / "rows.json"
    file.write_text("".join(f"{each.json()}\n" for each in rows))

    assert read_rows(file) == rows
