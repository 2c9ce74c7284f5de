"""What the whole company is owed, by days past due."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from arfollow.followup.jobs import bring_up_to_date
from arfollow.followup.queries.company_aging import company_aging
from arfollow.receivables.queries.aging import aging
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import Site


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Adds it up: for today from what stands beside the list, for another day from the ledger."""
    with site.reading() as session:
        bring_up_to_date(session)

    def probe() -> Taken:
        return {
            Figure("aging of the company", "ms"): [site.milliseconds(lambda: _age(site))],
            Figure("aging of another day", "ms"): [site.milliseconds(lambda: _age_of_the_ledger(site))],
        }

    yield probe


def _age(site: Site) -> None:
    today = site.setup.today
    with site.reading() as session:
        company_aging(session, company_id=site.company_id, day=today, today=today)


def _age_of_the_ledger(site: Site) -> None:
    with site.reading() as session:
        aging(session, company_id=site.company_id, day=site.setup.today)


MEASUREMENT = Measurement(name="aging", begin=begin, times=10, warm_up=1)
