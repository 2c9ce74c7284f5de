"""Fields of the company's own in an import: looked up for the customers of a batch, and written set by set."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy.orm import Session

from arfollow.exchange.formats import OWN
from arfollow.profiles.operations.sets import set_fields
from arfollow.profiles.queries.sets import values_of
from arfollow.receivables.rules.books import BookCustomer, Books, Change


def own_of(values: Mapping[str, object]) -> dict[str, str]:
    """What of these columns is of the company's own, by `custom:<name>`."""
    return {name: str(value) for name, value in values.items() if name.startswith(OWN)}


def load_own(session: Session, books: Books, asked: Mapping[str, Collection[str]]) -> None:
    """Let the stored customers of these numbers hold their fields of these names, as they are; empty where they have none."""
    stored = {
        customer.id: customer
        for number in asked
        if (customer := books.customers.get(number)) is not None and customer.id is not None
    }
    names = {name for some in asked.values() for name in some}
    if not stored or not names:
        return
    found: dict[int, dict[str, str]] = {}
    plain = [name.removeprefix(OWN) for name in names]
    for customer_id, name, value in values_of(session, customer_ids=stored.keys(), names=plain):
        found.setdefault(customer_id, {})[f"{OWN}{name}"] = value
    for id_, customer in stored.items():
        customer.own = {name: found.get(id_, {}).get(name, "") for name in sorted(asked[customer.number])}
        customer.stored = customer.columns()


def write_own(session: Session, changes: Iterable[Change], *, company_id: int) -> set[int]:
    """Write what of the customers' own fields has changed; the ids of those customers. Call it before they are taken as stored."""
    wanted = [
        (change.entry.id, name.removeprefix(OWN), value)
        for change in changes
        if isinstance(change.entry, BookCustomer) and change.entry.id is not None
        for name, value in change.entry.own.items()
        if value != (change.entry.stored or {}).get(name, "")
    ]
    set_fields(session, company_id=company_id, values=wanted)
    return {customer_id for customer_id, _, _ in wanted}
