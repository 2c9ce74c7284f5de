"""A call that is logged, then Done: each click is answered by a redirect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import Site

_TIMES, _WARM_UP = 60, 5


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Works one customer after the other."""
    numbers = iter(site.listed(_TIMES + _WARM_UP))

    def probe() -> Taken:
        number = next(numbers, None)
        if number is None:
            return {}
        shown, address = site.follow_up(number), f"/customers/{number}"
        call = {"number": shown, "call-outcome": "reached"}
        called = site.milliseconds(lambda: site.post(f"{address}/calls", call))
        done = site.milliseconds(lambda: site.post(f"{address}/done", {"number": shown}))
        # As a browser does, which follows: what the clicks said would pile up in the cookie.
        site.get("/follow-ups")
        return {Figure("call logged", "ms"): [called], Figure("Done", "ms"): [done]}

    yield probe


MEASUREMENT = Measurement(name="done", begin=begin, times=_TIMES, warm_up=_WARM_UP)
