import pytest

from tests.bench.budgets import Budget, budget_of
from tests.bench.rows import row


@pytest.mark.parametrize(
    ("budget", "small", "large", "verdict"),
    [
        ({"of": "p95", "limit": 30}, row(9, p95=20), row(10, p95=30, customers=9000), "✓ p95 ≤ 30"),
        ({"of": "p95", "limit": 30}, row(9, p95=20), row(10, p95=31, customers=9000), "✗ p95 ≤ 30"),
        ({"of": "p50", "limit": 30}, row(9, p95=20), row(10, p95=31, customers=9000), "✓ p50 ≤ 30"),
        ({"of": "p50", "limit": 20_000}, *2 * [row(20_000, unit="rows/s")], "✓ p50 ≥ 20,000"),
        ({"of": "p50", "limit": 20_000}, *2 * [row(19_999, unit="rows/s")], "✗ p50 ≥ 20,000"),
        ({"of": "p50", "limit": 0}, *2 * [row(0, unit="errors")], "✓ p50 ≤ 0"),
        ({"of": "p50", "limit": 30, "growth": 1.3}, row(10), row(13, customers=9000), "✓ p50 ≤ 30"),
        (
            {"of": "p50", "limit": 30, "growth": 1.3},
            row(10),
            row(14, customers=9000),
            "✓ p50 ≤ 30 ✗ p50 grew 1.40×, may 1.3×",
        ),
    ],
)
def test_a_verdict_says_what_was_to_be_reached_and_whether_it_is(budget, small, large, verdict):
    assert Budget(figures="list: *", **budget).verdict(small, large) == verdict


@pytest.mark.parametrize(
    ("name", "limit"),
    [("list: mine", 30), ("import", 20_000), ("import: most memory", 400), ("call logged", None)],
)
def test_a_budget_is_found_by_the_figures_name(name, limit):
    found = budget_of(name)

    assert (found.limit if found else None) == limit
