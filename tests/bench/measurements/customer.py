"""A customer's page, of customers on the list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import Site

_CUSTOMERS = 50


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Opens one page after the other."""
    numbers = cycle(site.listed(_CUSTOMERS))

    def probe() -> Taken:
        number = next(numbers)
        return {Figure("customer page", "ms"): [site.milliseconds(lambda: site.get(f"/customers/{number}"))]}

    yield probe


MEASUREMENT = Measurement(name="customer", begin=begin, times=100, warm_up=5)
