"""The letters that the list of a day asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.followup.clicks import Click
from arfollow.followup.queries.on_a_day import listed_on
from arfollow.followup.tables import CustomerState
from arfollow.receivables.tables import Customer

_BATCH = 500


@dataclass(frozen=True, slots=True)
class DueLetter:
    """A customer whose level asks for a letter, and the click that prints it."""

    number: str
    name: str
    click: Click


def due_letters(session: Session, *, company_id: int, day: date, today: date, who: str) -> list[DueLetter]:
    """Whom to write to on the day, in the list's order; `who` prints."""
    listed = [
        each
        for each in listed_on(session, company_id=company_id, day=day, today=today)
        if "letter" in each.actions
    ]
    found: dict[str, tuple[int, int]] = {}
    for start in range(0, len(listed), _BATCH):
        numbers = [each.number for each in listed[start : start + _BATCH]]
        found |= _customers(session, company_id, numbers)
    return [
        DueLetter(
            each.number,
            each.name,
            Click(
                company_id=company_id,
                customer_id=found[each.number][0],
                number=found[each.number][1],
                who=who,
                user_id=None,
                today=day,
            ),
        )
        for each in listed
    ]


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
