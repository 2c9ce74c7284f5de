"""Rows as tables for people: the sizes side by side with growth and budget, and two runs side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tests.bench.budgets import budget_of
from tests.bench.results import Row

_FEW_RUNS, _NOISE_OF_FEW, _NOISE = 3, 0.3, 0.1
"""From so many runs on the noise shows in their spread; before, it is taken to be large."""


def size_table(engine: str, rows: Iterable[Row], *, with_budgets: bool) -> Iterator[str]:
    """A line for each figure of one engine: p50 and p95 at each size, growth of p50 from the first to the last, budget."""
    by_name: dict[str, list[Row]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    width = max((len(_title(each[0])) for each in by_name.values()), default=0)
    sizes = sorted({row.customers for each in by_name.values() for row in each})
    yield f"{engine:{width}}" + "".join(f"{size:>20,}" for size in sizes) + f"{'growth':>9}"
    yield f"{'':{width}}" + f"{'p50 / p95':>20}" * len(sizes)
    for name, each in by_name.items():
        found = {row.customers: row for row in each}
        cells = "".join(f"{_cell(found.get(size)):>20}" for size in sizes)
        smallest, largest = found[min(found)], found[max(found)]
        budget = budget_of(name) if with_budgets else None
        verdict = f"  {budget.verdict(smallest, largest)}" if budget else ""
        yield f"{_title(each[0]):{width}}{cells}{_growth(smallest, largest):>9}{verdict}"


def comparison(old: Iterable[Row], new: Sequence[Row]) -> Iterator[str]:
    """A line for each figure that both runs have: old, new, their ratio, and a mark where it changed beyond the noise."""
    before = {row.key: row for row in old}
    pairs = [(before[row.key], row) for row in new if row.key in before]
    width = max((len(_place(row)) for _, row in pairs), default=0)
    yield f"{'':{width}}{'old p50':>12}{'new p50':>12}{'ratio':>8}{'old p95':>12}{'new p95':>12}{'ratio':>8}"
    for earlier, row in pairs:
        yield (
            f"{_place(row):{width}}{_number(earlier.p50):>12}{_number(row.p50):>12}{_ratio(earlier.p50, row.p50):>8}"
            f"{_number(earlier.p95):>12}{_number(row.p95):>12}{_ratio(earlier.p95, row.p95):>8}"
            f"{_mark(earlier, row)}"
        )
    measured = {row.key for row in new}
    for key, earlier in before.items():
        if key not in measured:
            yield f"{_place(earlier)}: not measured now"


def _mark(old: Row, new: Row) -> str:
    few = min(old.runs, new.runs) < _FEW_RUNS
    noise = max(_NOISE_OF_FEW if few else _NOISE, old.spread, new.spread)
    better, worse = (old.p50, new.p50) if not new.more_is_better else (new.p50, old.p50)
    if worse > better * (1 + noise):
        return "  WORSE"
    return "  better" if better > worse * (1 + noise) else ""


def _title(row: Row) -> str:
    return f"{row.name}, {row.unit}"


def _place(row: Row) -> str:
    return f"{row.engine} {row.customers:,} × {row.items}  {_title(row)}"


def _cell(row: Row | None) -> str:
    if row is None:
        return ""
    return _number(row.p50) if row.best == row.worst else f"{_number(row.p50)} / {_number(row.p95)}"


def _growth(smallest: Row, largest: Row) -> str:
    is_one = smallest.customers == largest.customers
    return "" if is_one or not smallest.p50 else f"{largest.p50 / smallest.p50:.2f}×"


def _ratio(old: float, new: float) -> str:
    return f"{new / old:.2f}×" if old else ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
