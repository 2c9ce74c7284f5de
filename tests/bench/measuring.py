"""How a measurement is taken: in several runs, the sizes of the ledger by turns."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass

from tests.bench.sites import Setup, Site
from tests.bench.snapshots import Snapshots


@dataclass(frozen=True, order=True)
class Figure:
    """One thing that is measured. Of a unit that ends with `/s` more is better, of any other less."""

    name: str
    unit: str


Taken = Mapping[Figure, Sequence[float]]
"""What was measured of each figure."""

Probe = Callable[[], Taken]
"""Measures once; gives nothing when the ledger is used up."""


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """`begin` prepares a site and gives its probe, which is asked `warm_up` times for nothing and `times` times a run.

    `filled`: the site has a ledger, else only a company without one.
    """

    name: str
    begin: Callable[[Site], AbstractContextManager[Probe]]
    times: int = 1
    warm_up: int = 0
    filled: bool = True


def take(
    measurement: Measurement, setups: Sequence[Setup], snapshots: Snapshots, *, times: int | None = None
) -> Mapping[Setup, Taken]:
    """One run over new sites of these setups.

    They take turns: what else the machine does slows all of them, and leaves the growth alone. `times`: at most so many samples.
    """
    taken: dict[Setup, dict[Figure, list[float]]] = {setup: {} for setup in setups}
    with ExitStack() as stack:
        probes = {}
        for setup in setups:
            site = stack.enter_context(snapshots.site(setup, filled=measurement.filled))
            probes[setup] = stack.enter_context(measurement.begin(site))
        wanted = min(measurement.times, times or measurement.times)
        warm_up = min(measurement.warm_up, wanted)
        for turn in range(warm_up + wanted):
            if turn == warm_up:
                # What stands here by now, an application for each size, is not looked through again and again.
                gc.collect()
                gc.freeze()
            for setup, probe in probes.items():
                for figure, values in probe().items():
                    if turn >= warm_up:
                        taken[setup].setdefault(figure, []).extend(values)
    gc.unfreeze()
    return taken
