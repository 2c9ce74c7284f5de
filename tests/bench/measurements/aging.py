"""What the whole company is owed, by days past due."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from arfollow.receivables.queries.aging import aging
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import Site


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Adds it up."""

    def probe() -> Taken:
        return {Figure("aging of the company", "ms"): [site.milliseconds(lambda: _age(site))]}

    yield probe


def _age(site: Site) -> None:
    with site.reading() as session:
        aging(session, company_id=site.company_id, day=site.setup.today)


MEASUREMENT = Measurement(name="aging", begin=begin, times=10, warm_up=1)
