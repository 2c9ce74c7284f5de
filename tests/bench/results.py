"""What was measured, as rows that can be kept and set beside those of another run."""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from tests.bench.measuring import Figure, Taken
from tests.bench.sites import Setup


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure at one size. `p50` and `p95` are medians over the runs, `best` and `worst` of all that was measured.

    95 of 100 were at least as good as `p95`. `spread`: how far the runs' p50 lie apart, as a part of their median.
    """

    engine: str
    customers: int
    items: int
    name: str
    unit: str
    p50: float
    p95: float
    best: float
    worst: float
    runs: int
    spread: float = 0
    commit: str = ""
    python: str = ""
    cores: int = 0
    clock: str = "wall"

    @property
    def more_is_better(self) -> bool:
        """Whether it is a rate."""
        return self.unit.endswith("/s")

    @property
    def key(self) -> tuple[str, int, int, str, str]:
        """What the row is about, and by which clock."""
        return self.engine, self.customers, self.items, self.name, self.clock

    def json(self) -> str:
        """The row as a line of JSON."""
        return json.dumps({name: _rounded(value) for name, value in asdict(self).items()}, ensure_ascii=False)


def rows_of(setup: Setup, runs: Sequence[Taken]) -> Iterable[Row]:
    """A row for each figure, of one or more runs."""
    figures = dict.fromkeys(figure for run in runs for figure in run)
    for figure in figures:
        yield _row(setup, figure, [run[figure] for run in runs if run.get(figure)])


def read_rows(path: Path) -> Sequence[Row]:
    """The rows of an earlier run's file."""
    return [Row(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _row(setup: Setup, figure: Figure, runs: Sequence[Sequence[float]]) -> Row:
    more_is_better = figure.unit.endswith("/s")
    good_first = [sorted(run, reverse=more_is_better) for run in runs]
    medians = [statistics.median(run) for run in good_first]
    p50 = statistics.median(medians)
    everything = sorted((value for run in runs for value in run), reverse=more_is_better)
    return Row(
        engine=setup.engine,
        customers=setup.size.customers,
        items=setup.size.items,
        name=figure.name,
        unit=figure.unit,
        p50=p50,
        p95=statistics.median(run[math.ceil(0.95 * len(run)) - 1] for run in good_first),
        best=everything[0],
        worst=everything[-1],
        runs=len(runs),
        spread=(max(medians) - min(medians)) / p50 if p50 else 0,
        clock="cpu" if setup.by_cpu else "wall",
        commit=_commit(),
        python=platform.python_version(),
        cores=len(os.sched_getaffinity(0)),
    )


@cache
def _commit() -> str:
    """The commit that is measured, with a + when files differ from it; empty outside a checkout."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude", "*"]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.strip()


def _rounded(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value
