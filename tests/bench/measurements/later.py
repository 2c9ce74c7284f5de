"""Do It Later, answered by a redirect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import Site

_TIMES, _WARM_UP = 60, 5


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Puts one customer off after the other."""
    numbers = iter(site.listed(_TIMES + _WARM_UP))
    back_on = site.setup.today + timedelta(weeks=1)

    def probe() -> Taken:
        number = next(numbers, None)
        if number is None:
            return {}
        form = {"number": site.follow_up(number), "later-on": back_on.isoformat()}
        return {
            Figure("Do It Later", "ms"): [
                site.milliseconds(lambda: site.post(f"/customers/{number}/later", form))
            ]
        }

    yield probe


MEASUREMENT = Measurement(name="later", begin=begin, times=_TIMES, warm_up=_WARM_UP)
