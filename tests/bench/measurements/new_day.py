"""The first list of a new day, which says what is not up to date yet; and until the worker has refreshed every row whose day has come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from arfollow import clock
from arfollow.followup.jobs import bring_up_to_date
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import TIMEZONE, Site


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Moves the clock to a minute past the next midnight each time."""
    days = count(1)
    site.get("/follow-ups")

    def probe() -> Taken:
        day = site.setup.today + next(days) * timedelta(days=1)
        midnight = datetime.combine(day, time(0, 1), ZoneInfo(TIMEZONE))
        with clock.moved_to(midnight):
            first = site.milliseconds(lambda: site.get("/follow-ups"))
            rest = site.milliseconds(lambda: _wake(site))
        return {
            Figure("new day: from midnight to first list", "s"): [first / 1000],
            Figure("new day: until all is up to date", "s"): [(first + rest) / 1000],
        }

    yield probe


def _wake(site: Site) -> None:
    with site.reading() as session:
        bring_up_to_date(session)


MEASUREMENT = Measurement(name="new-day", begin=begin)
