"""How customers are called: the chatter knows their ids only, and asks whom `app.py` registered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session


@dataclass(frozen=True, kw_only=True)
class CustomerName:
    """A customer as people know it."""

    number: str
    name: str

    def __str__(self) -> str:
        """`C-1043 Bäckerei Ümit`."""
        return f"{self.number} {self.name}".strip()


Lookup = Callable[[Session, int, Collection[int]], Mapping[int, CustomerName]]
_lookup: list[Lookup] = []


def name_customers(lookup: Lookup) -> None:
    """Say how names of a company's customers are looked up, by their ids; `app.py` does, once."""
    _lookup[:] = [lookup]


def customer_names(
    session: Session, *, company_id: int, customer_ids: Collection[int]
) -> Mapping[int, CustomerName]:
    """The customers' present names, by id; one that the company does not have is left out."""
    return _lookup[0](session, company_id, customer_ids) if _lookup and customer_ids else {}
