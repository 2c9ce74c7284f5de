"""Letters in one warm process: facts read and PDF rendered, of 1, 10 and 40 items; the first two fill a page at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from arfollow.followup.actions.letter import prepare_letter, render
from arfollow.receivables.operations.customers import CustomerFields, save_customer
from arfollow.receivables.operations.invoices import NewInstalment, add_invoice
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import WHO, Site

_ITEMS = (1, 10, 40)
_LETTERS = 3


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Writes some letters of each length."""
    numbers = {items: _debtors(site, items) for items in _ITEMS}

    def probe() -> Taken:
        return {
            Figure(f"letter of {items} items" if items > 1 else "letter of 1 item", "letters/s"): [
                1000 * len(each) / site.milliseconds(partial(_write, site, each))
            ]
            for items, each in numbers.items()
        }

    yield probe


def _write(site: Site, numbers: Sequence[str]) -> None:
    for number in numbers:
        with site.reading() as session:
            facts = prepare_letter(session, site.click(session, number))
        render(facts)


def _debtors(site: Site, items: int) -> Sequence[str]:
    """New customers with so many overdue instalments."""
    numbers = [f"L{items}-{index}" for index in range(_LETTERS)]
    oldest = site.setup.today - timedelta(days=60 + items)
    instalments = [
        NewInstalment(number=number, due_date=oldest + timedelta(days=number), amount=12_345)
        for number in range(1, items + 1)
    ]
    with site.writing() as session:
        for number in numbers:
            fields = CustomerFields(
                name=f"Debtor {number}", street="1 Main Street", city="Dublin", country="IE"
            )
            customer_id = save_customer(
                session, company_id=site.company_id, number=number, customer=fields, who=WHO
            )
            add_invoice(
                session,
                company_id=site.company_id,
                customer_id=customer_id,
                number=f"R{number}",
                date=oldest,
                currency="EUR",
                instalments=instalments,
                reference="PO 1",
                who=WHO,
            )
    return numbers


MEASUREMENT = Measurement(name="letters", begin=begin, times=3, warm_up=1)
