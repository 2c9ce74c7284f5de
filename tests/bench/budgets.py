"""The speeds to reach, and whether they are."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from tests.bench.results import Row

_FILE = Path(__file__).with_name("budgets.toml")


@dataclass(frozen=True, kw_only=True)
class Budget:
    """`limit`: the most that `of` (p50 or p95) of these figures may be, of a rate the least; `growth`: the same from size to size."""

    figures: str
    of: str
    limit: float
    growth: float | None = None

    def verdict(self, smallest: Row, largest: Row) -> str:
        """`✓` or `✗`, and what was to be reached; the growth where it was too much."""
        reached = float(getattr(largest, self.of))
        sign = "≥" if largest.more_is_better else "≤"
        is_met = reached >= self.limit if largest.more_is_better else reached <= self.limit
        told = f"{'✓' if is_met else '✗'} {self.of} {sign} {self.limit:,g}"
        before = float(getattr(smallest, self.of))
        if self.growth is None or smallest.customers == largest.customers or not before:
            return told
        times = reached / before
        return told if times <= self.growth else f"{told} ✗ {self.of} grew {times:.2f}×, may {self.growth:g}×"


def budget_of(name: str, budgets: Sequence[Budget] | None = None) -> Budget | None:
    """What is to be reached by the figure of that name; None: nothing."""
    known = all_budgets() if budgets is None else budgets
    return next((budget for budget in known if fnmatchcase(name, budget.figures)), None)


@cache
def all_budgets() -> Sequence[Budget]:
    """Those of the file."""
    return [Budget(**each) for each in tomllib.loads(_FILE.read_text(encoding="utf-8"))["budget"]]
