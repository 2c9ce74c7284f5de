"""How many customers each person looks after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow.followup.rules import Status
from arfollow.followup.tables import ListFigure
from arfollow.receivables.tables import Customer
from arfollow.users.queries import Member, members
from arfollow.users.tables import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """Customers of a user; `user_id` None: of nobody. `to_do`: those that need action. `works_here`: may get more.

    `sells`: whether the user is the sales representative of any customer.
    """

    user_id: int | None
    name: str
    customers: int
    to_do: int
    works_here: bool
    sells: bool = False

    @property
    def has_any(self) -> bool:
        """Whether there is anything to hand over."""
        return bool(self.customers) or self.sells


def portfolios(session: Session, *, company_id: int) -> Sequence[Portfolio]:
    """One for each of the company's people who work, then of those who left and still have customers, then of nobody."""
    counted = _counted(session, company_id)
    sellers = _sellers(session, company_id)
    here = {each.user_id: each for each in members(session, company_id=company_id) if works(each)}
    gone = sorted((counted.keys() | sellers) - here.keys() - {0})
    names = dict(session.execute(select(User.id, User.name).where(User.id.in_(gone))).all()) if gone else {}
    found = [
        *(_portfolio(each.user_id, each.name, counted, works_here=True) for each in here.values()),
        *(_portfolio(user_id, names.get(user_id, ""), counted, works_here=False) for user_id in gone),
        _portfolio(0, "", counted, works_here=False),
    ]
    return [replace(each, sells=each.user_id in sellers) for each in found]


def works(member: Member) -> bool:
    """Whether the person can look after customers."""
    return member.active and member.role != "auditor"


def _counted(session: Session, company_id: int) -> dict[int, tuple[int, int]]:
    """Customers, and those that need action, by user; 0: nobody."""
    needs_action = ListFigure.status == Status.ACTION.value
    rows = session.execute(
        select(
            ListFigure.responsible_id,
            func.sum(ListFigure.customers),
            func.coalesce(func.sum(ListFigure.customers).filter(needs_action), 0),
        )
        .where(ListFigure.company_id == company_id, ListFigure.currency == "")
        .group_by(ListFigure.responsible_id)
        .having(func.sum(ListFigure.customers) > 0)
    )
    return {user_id: (int(customers), int(to_do)) for user_id, customers, to_do in rows}


def _sellers(session: Session, company_id: int) -> set[int]:
    """Who is the sales representative of any customer."""
    sold = select(Customer.sales_id).where(Customer.company_id == company_id, Customer.sales_id.is_not(None))
    return {user_id for user_id in session.scalars(sold.distinct()) if user_id is not None}


def _portfolio(
    user_id: int, name: str, counted: dict[int, tuple[int, int]], *, works_here: bool
) -> Portfolio:
    customers, to_do = counted.get(user_id, (0, 0))
    return Portfolio(
        user_id=user_id or None, name=name, customers=customers, to_do=to_do, works_here=works_here
    )
