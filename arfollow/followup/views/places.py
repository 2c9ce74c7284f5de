"""Where a customer stands in the list that its page was opened from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.followup.queries.list_order import neighbours, next_customer
from arfollow.followup.views.list_addresses import (
    customer_address,
    list_address,
    list_address_at,
    opened_from,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Addresses of the list, and of the customers before and after in it. `position` None: it is not in the list, or too far down."""

    list: str
    position: int | None
    total: int
    previous: str | None
    next: str | None


def place(session: Session, scope: Scope, *, customer_id: int) -> Place:
    """The customer's place in the list that the request's address names."""
    view = opened_from()
    found = neighbours(session, scope, view, customer_id)
    return Place(
        list=list_address_at(view, found.position),
        position=found.position,
        total=found.total,
        previous=customer_address(found.previous, view) if found.previous else None,
        next=customer_address(found.next, view) if found.next else None,
    )


def next_address(session: Session, scope: Scope, *, customer_id: int) -> str:
    """The address of the customer to work after this one, else of the list; to be asked before a Done."""
    view = opened_from()
    number = next_customer(session, scope, view, after=customer_id)
    return customer_address(number, view) if number else list_address(view)
