"""Rows of measurements that tests set beside each other."""

from typing import Any

from tests.bench.results import Row


def row(
    p50: float, *, p95: float | None = None, unit: str = "ms", customers: int = 1000, **others: Any
) -> Row:
    values: dict[str, Any] = {"engine": "sqlite", "items": 10, "name": "list: all", "runs": 3, **others}
    worst = p50 if p95 is None else p95
    return Row(customers=customers, unit=unit, p50=p50, p95=worst, best=p50 / 2, worst=worst, **values)
