"""Books what happens to the demo's customers, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from arfollow.chatter.operations import SYSTEM
from arfollow.demo.habits import Bounce, Happening, Issue, Pay, Return
from arfollow.demo.names import DEBTORS, Debtor, Habit
from arfollow.levels.operations import assign_plan
from arfollow.receivables.operations.allocations import NothingToApplyError, apply_credit
from arfollow.receivables.operations.credits import add_credit_note, add_payment, reverse_payment
from arfollow.receivables.operations.customers import (
    ContactFields,
    CustomerFields,
    save_contact,
    save_customer,
)
from arfollow.receivables.operations.invoices import NewInstalment, add_invoice
from arfollow.receivables.queries.items import open_items


@dataclass(slots=True)
class Account:
    """A customer of the demo in the ledger, with the ids of what was booked."""

    debtor: Debtor
    customer_id: int
    currency: str
    credits: dict[str, int] = field(default_factory=dict)


def open_accounts(
    session: Session, company_id: int, responsible: tuple[int, int], sales_id: int
) -> list[Account]:
    """Enter all customers; the two clerks share them, and every third is sold to by the representative."""
    accounts: list[Account] = []
    ids: dict[str, int] = {}
    for index, debtor in enumerate(DEBTORS):
        customer_id = _enter(
            session,
            company_id,
            debtor,
            index,
            responsible_id=responsible[index % 2],
            sales_id=sales_id if index % 3 == 0 else None,
            parent_id=ids.get(debtor.parent),
        )
        ids[debtor.name] = customer_id
        accounts.append(Account(debtor, customer_id, debtor.currency))
        if debtor.habit is Habit.NO_FOLLOW_UP:
            assign_plan(session, company_id=company_id, customer_id=customer_id, plan_id=None, who=SYSTEM)
    return accounts


def by_day(stories: Mapping[int, Iterable[Happening]]) -> dict[date, list[tuple[int, Happening]]]:
    """What happens on each day, with the index of the account that it happens to."""
    days: defaultdict[date, list[tuple[int, Happening]]] = defaultdict(list)
    for index, story in stories.items():
        for event in story:
            days[event.on].append((index, event))
    return days


def book(session: Session, company_id: int, account: Account, event: Happening) -> None:
    """Enter one event of the account's story, as a ledger would."""
    match event:
        case Issue():
            _issue(session, company_id, account, event)
        case Pay():
            _pay(session, company_id, account, event)
        case Bounce(on, number):
            reverse_payment(
                session,
                company_id=company_id,
                credit_id=account.credits[number],
                on=on,
                reason="Direct debit returned: insufficient funds",
                who=SYSTEM,
            )
        case Return(on, number, amount):
            add_credit_note(
                session,
                company_id=company_id,
                customer_id=account.customer_id,
                number=number,
                date=on,
                currency=account.currency,
                amount=amount,
                who=SYSTEM,
            )


def _issue(session: Session, company_id: int, account: Account, event: Issue) -> None:
    add_invoice(
        session,
        company_id=company_id,
        customer_id=account.customer_id,
        number=event.number,
        date=event.on,
        currency=account.currency,
        instalments=[
            NewInstalment(number=number, due_date=due, amount=amount)
            for number, (due, amount) in enumerate(event.parts, start=1)
        ],
        reference=event.reference,
        who=SYSTEM,
    )


def _pay(session: Session, company_id: int, account: Account, event: Pay) -> None:
    credit_id = add_payment(
        session,
        company_id=company_id,
        customer_id=account.customer_id,
        number=event.number,
        date=event.on,
        currency=account.currency,
        amount=event.amount,
        who=SYSTEM,
    )
    account.credits[event.number] = credit_id
    items = open_items(session, company_id=company_id, customer_id=account.customer_id, day=event.on)
    wanted = [item.id for item in items if item.invoice == event.invoice]
    if wanted:
        apply(session, company_id, credit_id, items=wanted, on=event.on, who=SYSTEM)


def apply(session: Session, company_id: int, credit_id: int, *, items: list[int], on: date, who: str) -> None:
    """Apply a credit to items as far as it goes; one that finds nothing open stays unapplied."""
    try:
        apply_credit(
            session, company_id=company_id, credit_id=credit_id, instalment_ids=items, on=on, who=who
        )
    except NothingToApplyError:
        return


def _enter(
    session: Session,
    company_id: int,
    debtor: Debtor,
    index: int,
    *,
    responsible_id: int,
    sales_id: int | None,
    parent_id: int | None,
) -> int:
    mail = (
        f"buchhaltung{index + 1}@example.com"
        if debtor.language == "de"
        else f"accounts{index + 1}@example.com"
    )
    customer_id = save_customer(
        session,
        company_id=company_id,
        number=f"C-{1041 + index}",
        customer=CustomerFields(
            name=debtor.name,
            email=mail if debtor.has_email else "",
            phone=_phone(debtor, index),
            street=debtor.street,
            city=debtor.city,
            postal_code=debtor.postal_code,
            country=debtor.country,
            language=debtor.language,
            currency=debtor.currency,
            parent_id=parent_id,
            responsible_id=responsible_id,
            sales_id=sales_id,
        ),
        who=SYSTEM,
    )
    if debtor.contact:
        contact = ContactFields(
            kind="dunning" if index % 3 == 0 else "billing",
            name=debtor.contact,
            email=mail if debtor.has_email else "",
        )
        save_contact(session, company_id=company_id, customer_id=customer_id, contact=contact, who=SYSTEM)
    return customer_id


def _phone(debtor: Debtor, index: int) -> str:
    """Of the numbers that nobody has: the German ones are kept free for stories, every second as a mobile."""
    if debtor.country != "DE":
        return ""
    return f"+49 176 040690{index:02}" if index % 2 == 0 else f"+49 30 231250{index:02}"
