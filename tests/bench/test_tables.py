import pytest

from tests.bench.rows import row
from tests.bench.tables import comparison, size_table


def test_sizes_stand_side_by_side_with_growth_and_budget():
    rows = [
        row(10, p95=12),
        row(15, p95=40, customers=9000),
        row(400, unit="rows/s", name="import"),
        row(100, unit="rows/s", name="import", customers=9000),
        row(3, name="call logged"),
    ]

    lines = [" ".join(line.split()) for line in size_table("sqlite", rows, with_budgets=True)]

    assert lines == [
        "sqlite 1,000 9,000 growth",
        "p50 / p95 p50 / p95",
        "list: all, ms 10 / 12 15 / 40 1.50× ✗ p95 ≤ 30 ✗ p95 grew 3.33×, may 1.3×",
        "import, rows/s 400 / 400 100 / 100 0.25× ✗ p50 ≥ 20,000",
        "call logged, ms 3 / 3",
    ]


def test_budgets_are_left_out_unless_they_are_asked_for():
    lines = list(size_table("sqlite", [row(10)], with_budgets=False))

    assert "≤" not in "".join(lines)


@pytest.mark.parametrize(
    ("old", "new", "mark"),
    [
        (row(100), row(100), ""),
        (row(100), row(109), ""),
        (row(100), row(111), "WORSE"),
        (row(100), row(91), ""),
        (row(100), row(90), "better"),
        (row(100, runs=1), row(129), ""),
        (row(100, runs=1), row(131), "WORSE"),
        (row(100, spread=0.5), row(149), ""),
        (row(100), row(151, spread=0.5), "WORSE"),
        (row(100, unit="rows/s"), row(111, unit="rows/s"), "better"),
        (row(100, unit="rows/s"), row(90, unit="rows/s"), "WORSE"),
        (row(0, unit="errors"), row(1, unit="errors"), "WORSE"),
        (row(0, unit="errors"), row(0, unit="errors"), ""),
    ],
)
def test_what_got_worse_beyond_the_noise_is_marked(old, new, mark):
    line = list(comparison([old], [new]))[1]

    assert line.removesuffix(mark) != line or not mark
    assert ("WORSE" in line, "better" in line) == (mark == "WORSE", mark == "better")


def test_two_runs_stand_side_by_side():
    lines = list(
        comparison([row(100, p95=200), row(5, name="Done")], [row(150, p95=100), row(7, name="Later")])
    )

    assert [" ".join(line.split()) for line in lines] == [
        "old p50 new p50 ratio old p95 new p95 ratio",
        "sqlite 1,000 × 10 list: all, ms 100 150 1.50× 200 100 0.50× WORSE",
        "sqlite 1,000 × 10 Done, ms: not measured now",
    ]


def test_sizes_engines_and_clocks_are_not_mixed():
    lines = list(
        comparison(
            [row(100)], [row(900, customers=9000), row(900, engine="postgresql"), row(900, clock="cpu")]
        )
    )

    assert len(lines) == 2
    assert "WORSE" not in "".join(lines)
