"""What happened to a share of the customers since the import: holds, disputes, promises, and some put off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.followup.clicks import Click
from arfollow.followup.operations.reminding import do_later
from arfollow.receivables.operations.disputes import open_dispute
from arfollow.receivables.operations.holds import set_hold
from arfollow.receivables.operations.promises import make_promise
from arfollow.receivables.queries.items import ItemLine, open_items
from arfollow.receivables.tables import Customer
from tests.bench.sites import Site

Happening = Callable[[Session, Click, Sequence[ItemLine]], object]
_BATCH = 100


def live(site: Site, *, seed: int) -> None:
    """Let it happen, through the operations; the same customers for the same seed, whatever the ledger's size."""
    with site.reading() as session:
        rows = select(Customer.id, Customer.number).where(Customer.company_id == site.company_id)
        numbers = [row.number for row in session.execute(rows.order_by(Customer.id))]
    chosen = _chosen(numbers, seed)
    while batch := list(islice(chosen, _BATCH)):
        with site.writing() as session:
            for number, happening in batch:
                click = site.click(session, number)
                items = open_items(
                    session, company_id=click.company_id, customer_id=click.customer_id, day=click.today
                )
                if items:
                    happening(session, click, items)


def _chosen(numbers: Sequence[str], seed: int) -> Iterator[tuple[str, Happening]]:
    for number in numbers:
        luck = Random(f"{seed}:{number}").random()
        for happening, share in _SHARES:
            if luck < share:
                yield number, happening
                break
            luck -= share


def _hold(session: Session, click: Click, _items: Sequence[ItemLine]) -> None:
    until = click.today + timedelta(days=20)
    set_hold(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        reason="New agreement",
        until=until,
        on=click.today,
        who=click.who,
    )


def _dispute(session: Session, click: Click, items: Sequence[ItemLine]) -> None:
    open_dispute(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        instalment_id=items[0].id,
        reason="Goods arrived damaged",
        on=click.today,
        who=click.who,
    )


def _promise(session: Session, click: Click, items: Sequence[ItemLine]) -> None:
    make_promise(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        instalment_ids=[items[0].id],
        amount=items[0].residual,
        due_on=click.today + timedelta(days=7),
        on=click.today,
        who=click.who,
    )


def _put_off(session: Session, click: Click, _items: Sequence[ItemLine]) -> None:
    do_later(session, click, back_on=click.today + timedelta(days=5))


_SHARES: Sequence[tuple[Happening, float]] = (
    (_hold, 0.01),
    (_dispute, 0.02),
    (_promise, 0.02),
    (_put_off, 0.02),
)
