"""A payment of a listed customer's oldest item, entered and applied in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from arfollow.receivables.operations.allocations import apply_credit
from arfollow.receivables.operations.credits import add_payment
from arfollow.receivables.queries.items import open_items
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import WHO, Site

_TIMES, _WARM_UP = 60, 5


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Posts one after the other."""
    numbers = iter(site.listed(_TIMES + _WARM_UP))

    def probe() -> Taken:
        number = next(numbers, None)
        if number is None:
            return {}
        return {Figure("payment posted", "ms"): [site.milliseconds(lambda: _post(site, number))]}

    yield probe


def _post(site: Site, number: str) -> None:
    with site.writing() as session:
        click = site.click(session, number)
        oldest = open_items(
            session, company_id=click.company_id, customer_id=click.customer_id, day=click.today
        )[0]
        credit_id = add_payment(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            number=f"paid {oldest.invoice}",
            date=click.today,
            currency=oldest.currency,
            amount=oldest.residual,
            who=WHO,
        )
        apply_credit(
            session,
            company_id=click.company_id,
            credit_id=credit_id,
            instalment_ids=[oldest.id],
            on=click.today,
            who=WHO,
        )


MEASUREMENT = Measurement(name="payment", begin=begin, times=_TIMES, warm_up=_WARM_UP)
