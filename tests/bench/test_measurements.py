from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from arfollow import clock
from tests.bench import measurements
from tests.bench.budgets import all_budgets, budget_of
from tests.bench.ledger import Size
from tests.bench.measurements import MEASUREMENTS, done
from tests.bench.measuring import Figure, Measurement, Probe, Taken, take
from tests.bench.sites import TIMEZONE, Setup, Site
from tests.bench.snapshots import Snapshots


def setup_of(engine: str, customers: int) -> Setup:
    today = clock.today(TIMEZONE)
    return Setup(engine=engine, size=Size(customers, 5), today=today, clerks_seconds=1)


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory) -> Snapshots:
    return Snapshots(tmp_path_factory.mktemp("snapshots"))


@pytest.fixture(scope="module")
def taken(snapshots) -> dict[Figure, list[float]]:
    """Everything measured once, at the smallest size."""
    setup = setup_of("sqlite", 60)
    return {
        figure: list(values)
        for measurement in MEASUREMENTS
        for figure, values in take(measurement, [setup], snapshots, times=1)[setup].items()
    }


def test_everything_can_be_measured(taken):
    errors = Figure("20 clerks: errors", "errors")

    assert taken.pop(errors) == [0]
    assert [figure for figure, values in taken.items() if not values or min(values) <= 0] == []


def test_every_budget_is_about_something_that_is_measured(taken):
    budgets = {id(budget_of(figure.name)) for figure in taken} | {id(budget_of("20 clerks: errors"))}

    assert [budget for budget in all_budgets() if id(budget) not in budgets] == []


def test_postgresql_is_measured_as_well(snapshots):
    setup = setup_of("postgresql", 60)

    taken = take(done.MEASUREMENT, [setup], snapshots, times=2)

    assert len(taken[setup][Figure("Done", "ms")]) == 2


def test_a_ledger_is_filled_once_and_every_measurement_has_a_copy_of_it(snapshots):
    setup = setup_of("sqlite", 20)

    with snapshots.site(setup) as first:
        before = first.listed(100)
        first.post(f"/customers/{before[0]}/calls", {"number": 1, "call-outcome": "reached"})
        first.post(f"/customers/{before[0]}/done", {"number": 1})
        after = first.listed(100)
    made = {path: path.stat().st_mtime_ns for path in snapshots.folder.iterdir()}
    with Snapshots(snapshots.folder).site(setup) as second:
        assert second.listed(100) == before != after
    assert {path: path.stat().st_mtime_ns for path in snapshots.folder.iterdir()} == made


def test_sizes_take_turns(snapshots):
    turns: list[int] = []

    @contextmanager
    def begin(site: Site) -> Iterator[Probe]:
        def probe() -> Taken:
            turns.append(site.setup.size.customers)
            return {Figure("turn", "ms"): [len(turns)]}

        yield probe

    small, large = setup_of("sqlite", 1), setup_of("sqlite", 2)
    measurement = Measurement(name="turns", begin=begin, times=3, warm_up=1, filled=False)

    taken = take(measurement, [small, large], snapshots)

    assert turns == [1, 2] * 4
    assert taken[large] == {Figure("turn", "ms"): [4, 6, 8]}


def test_every_file_of_a_measurement_is_registered():
    files = {path.stem for path in Path(measurements.__file__).parent.glob("*.py")} - {"__init__"}

    assert {name for name in files if getattr(measurements, name).MEASUREMENT in MEASUREMENTS} == files
    assert len({each.name for each in MEASUREMENTS}) == len(MEASUREMENTS) == len(files)
