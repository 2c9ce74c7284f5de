"""Erasing a customer, in every subject that knows something of it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from arfollow.chatter import erasure
from arfollow.chatter.erasure import Subject
from arfollow.database import Table
from arfollow.delivery.operations.erasing import LeavingNowError, erase_deliveries
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.profiles.operations import erase_profile
from arfollow.receivables.operations.erasing import erase_customer, personal_texts
from arfollow.receivables.operations.lookup import UnknownCustomerError, lock_customer, required
from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.tables import Contact, Customer
from arfollow.tasks.erasing import erase_tasks
from arfollow.tasks.tables import Task
from arfollow.values.money import Money, totals
from arfollow.values.refusals import N_, Refusal

__all__ = ["LeavingNowError", "Plan", "StillOpenError", "WrongWordsError", "erase", "plan", "words_for"]


class StillOpenError(Refusal, ValueError):
    """Money is open or a message waits, and nobody has said that it is to be erased all the same."""

    def __init__(self, words: str) -> None:
        super().__init__(
            N_("Money is still open, or a message is on its way. To erase all the same, write: %(words)s"),
            words=words,
        )


class WrongWordsError(Refusal, ValueError):
    """What was written is not what was asked for."""

    def __init__(self, words: str) -> None:
        super().__init__(N_("Nothing was erased. To erase, write exactly: %(words)s"), words=words)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an erasure would take, and what stands in its way: open amounts by currency, and messages that wait."""

    customer_id: int
    number: str
    name: str
    contacts: int
    tasks: int
    deliveries: int
    entries: int
    documents: int
    kept: int
    open: tuple[Money, ...]
    credit: tuple[Money, ...]
    waiting: int

    @property
    def is_hindered(self) -> bool:
        """Whether it needs words."""
        return bool(self.open or self.credit or self.waiting)

    @property
    def words(self) -> str:
        """What has to be written."""
        return words_for(self.number, hindered=self.is_hindered)


def words_for(number: str, *, hindered: bool) -> str:
    """The words that erase: `erase C-1043`, and `erase C-1043 all the same` when something stands in the way."""
    return f"erase {number} all the same" if hindered else f"erase {number}"


def plan(session: Session, *, company_id: int, customer_id: int, day: date) -> Plan:
    """What would go and what stands in its way; changes nothing. Raise UnknownCustomerError."""
    customer = _customer(session, company_id, customer_id)
    share = erasure.share_of(session, company_id=company_id, customer_id=customer_id)
    account = accounts(session, customer_ids=[customer_id], day=day)[customer_id]
    open_items = totals(Money(item.currency, item.residual) for item in account.items)
    deliveries = Delivery.customer_id == customer_id
    return Plan(
        customer_id=customer_id,
        number=customer.number,
        name=customer.name,
        contacts=_count(session, Contact, Contact.customer_id == customer_id),
        tasks=_count(session, Task, Task.customer_id == customer_id),
        deliveries=_count(session, Delivery, deliveries),
        entries=share.entries,
        documents=len(share.documents),
        kept=len(share.kept),
        open=_moneys(open_items),
        credit=_moneys(account.unapplied),
        waiting=_count(session, Delivery, deliveries, Delivery.state.in_([State.QUEUED, State.SENDING])),
    )


def erase(
    session: Session, *, company_id: int, customer_id: int, reason: str, words: str, who: str, today: date
) -> Plan:
    """Erase what `plan` lists; `words` are its `words`. In a transaction that writes; gives what was erased.

    Raise MissingTextError, StillOpenError, WrongWordsError, LeavingNowError, UnknownCustomerError.
    """
    reason = required(reason, N_("a reason for the erasure"))
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    planned = plan(session, company_id=company_id, customer_id=customer_id, day=today)
    if words.strip() != planned.words:
        raise StillOpenError(planned.words) if planned.is_hindered else WrongWordsError(planned.words)
    texts = personal_texts(session, company_id=company_id, customer_id=customer_id)
    erase_deliveries(session, company_id=company_id, customer_id=customer_id, who=who)
    erase_tasks(session, customer_id=customer_id, on=today)
    erase_profile(session, customer_id=customer_id)
    erase_customer(session, company_id=company_id, customer_id=customer_id)
    erasure.erase(
        session,
        company_id=company_id,
        customer_id=customer_id,
        subject=Subject(number=planned.number, texts=texts),
        who=who,
        reason=reason,
    )
    return planned


def _count(session: Session, table: type[Table], *conditions: ColumnElement[bool]) -> int:
    return session.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()


def _customer(session: Session, company_id: int, customer_id: int) -> Customer:
    customer = session.get(Customer, customer_id)
    if customer is None or customer.company_id != company_id:
        raise UnknownCustomerError(customer_id)
    return customer


def _moneys(amounts: Mapping[str, int]) -> tuple[Money, ...]:
    return tuple(Money(currency, minor) for currency, minor in sorted(amounts.items()) if minor)
