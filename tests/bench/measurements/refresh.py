"""A plan is changed: every customer's row of the list is written anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

from arfollow.followup.jobs import bring_up_to_date
from arfollow.levels.defaults import default_plan
from arfollow.levels.operations import change_plan
from arfollow.levels.queries import plan_ids
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import WHO, Site


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Changes the contact gap, another one each time, and lets the worker's job refresh the list."""
    gaps = count(15)

    def probe() -> Taken:
        gap = next(gaps)
        changed = site.milliseconds(lambda: _change(site, gap))
        refreshed = site.milliseconds(lambda: _refresh(site))
        return {
            Figure("plan changed", "ms"): [changed],
            # Of few customers the change itself refreshes the rows.
            Figure("every customer refreshed", "s"): [(changed + refreshed) / 1000],
        }

    yield probe


def _change(site: Site, gap: int) -> None:
    draft = default_plan("en").plan
    with site.writing() as session:
        plan_id = plan_ids(session, company_id=site.company_id)[draft.name]
        change_plan(
            session,
            company_id=site.company_id,
            plan_id=plan_id,
            draft=replace(draft, contact_gap_days=gap),
            who=WHO,
        )


def _refresh(site: Site) -> None:
    with site.reading() as session:
        bring_up_to_date(session)


MEASUREMENT = Measurement(name="refresh", begin=begin)
