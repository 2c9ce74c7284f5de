"""The letters that the list of a day asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.followup.clicks import Click
from arfollow.followup.queries.on_a_day import ListedCustomer, listed_on
from arfollow.followup.queries.unprintable import of_card
from arfollow.followup.tables import CustomerState
from arfollow.receivables.queries.customers import CustomerCard, cards_of
from arfollow.receivables.tables import Customer

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLetter:
    """A customer whose level asks for a letter, and the click that prints it.

    `level` empty: none was reached. `country` (ISO code or empty) and `postal_code` are those of the address that it goes to;
    `can_be_posted`: that has a street and a town. `unprintable`: what no font has of name and address, empty mostly.
    `currencies`: in which something is overdue.
    """

    number: str
    name: str
    level: str
    country: str
    postal_code: str
    can_be_posted: bool
    unprintable: str
    currencies: tuple[str, ...]
    click: Click


def due_letters(session: Session, *, company_id: int, day: date, today: date, who: str) -> list[DueLetter]:
    """Whom to write to on the day, in the list's order; `who` prints."""
    listed = [
        each
        for each in listed_on(session, company_id=company_id, day=day, today=today)
        if "letter" in each.actions
    ]
    due: list[DueLetter] = []
    for start in range(0, len(listed), _BATCH):
        batch = listed[start : start + _BATCH]
        found = _customers(session, company_id, [each.number for each in batch])
        ids = [customer_id for customer_id, _ in found.values()]
        cards = cards_of(session, company_id=company_id, customer_ids=ids)
        for each in batch:
            customer_id, number = found[each.number]
            click = Click(
                company_id=company_id,
                customer_id=customer_id,
                number=number,
                who=who,
                user_id=None,
                today=day,
            )
            due.append(_due(each, cards[customer_id], click))
    return due


def _due(listed: ListedCustomer, card: CustomerCard, click: Click) -> DueLetter:
    address = card.postal_address
    return DueLetter(
        number=listed.number,
        name=listed.name,
        level=listed.level or "",
        country=address.country,
        postal_code=address.postal_code,
        can_be_posted=bool(address.street and address.city),
        unprintable=of_card(card),
        currencies=tuple(each.currency for each in listed.overdue),
        click=click,
    )


def count_listed(session: Session, *, company_id: int, day: date, today: date) -> int:
    """How many customers are on the list of the day, by letter or otherwise."""
    return len(listed_on(session, company_id=company_id, day=day, today=today))


def _customers(session: Session, company_id: int, numbers: list[str]) -> dict[str, tuple[int, int]]:
    """The id and the number of the present follow-up by the customer's number."""
    rows = session.execute(
        select(Customer.number, Customer.id, CustomerState.number)
        .outerjoin(CustomerState, CustomerState.customer_id == Customer.id)
        .where(Customer.company_id == company_id, Customer.number.in_(numbers))
    )
    return {number: (customer_id, follow_up or 1) for number, customer_id, follow_up in rows}
