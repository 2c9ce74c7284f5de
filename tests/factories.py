"""A company's books on one day, filled by the operations: customers, what they owe, what was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow import clock, database
from arfollow.followup.clicks import Click
from arfollow.followup.operations.done import mark_done
from arfollow.followup.operations.recording import record_action
from arfollow.followup.operations.refresh import refresh_due
from arfollow.followup.operations.reminding import do_later, remind_manually
from arfollow.followup.tables import CustomerState
from arfollow.levels.operations import create_default_plan
from arfollow.levels.tables import Plan
from arfollow.receivables.operations.credits import add_payment
from arfollow.receivables.operations.customers import CustomerFields, save_customer
from arfollow.receivables.operations.invoices import NewInstalment, add_invoice
from arfollow.receivables.operations.promises import make_promise
from arfollow.tasks.operations import add_task
from arfollow.values.money import parse_decimal

TODAY = date(2026, 11, 21)
WHO = "Ana"
_numbers = count(1)


@dataclass
class Books:
    """The books of one company on `today`. Amounts are decimal text; days count from `today`, those to come are negative."""

    session: Session
    company_id: int
    today: date = TODAY

    def plan(self) -> int:
        """The plan that a new company starts with: 15, 30 and 40 days after due."""
        return create_default_plan(self.session, company_id=self.company_id, language="en", who=WHO)

    def customer(self, name: str = "", *, number: str = "", **fields) -> int:
        """A customer that owes nothing; gives its id."""
        number = number or f"C-{next(_numbers):04}"
        known = CustomerFields(name=name or f"Customer {number}", **fields)
        return save_customer(self.session, company_id=self.company_id, number=number, customer=known, who=WHO)

    def invoice(
        self,
        customer_id: int,
        amount: str = "100.00",
        *,
        late: int = 20,
        currency: str = "EUR",
        number: str = "",
    ) -> int:
        """An invoice that has been due for so many days, with 30 days to pay; gives its instalment's id."""
        due = self.today - timedelta(days=late)
        ids = add_invoice(
            self.session,
            company_id=self.company_id,
            customer_id=customer_id,
            number=number or f"R-{next(_numbers):04}",
            date=min(due - timedelta(days=30), self.today),
            currency=currency,
            instalments=[NewInstalment(due_date=due, amount=parse_decimal(amount, currency))],
            who=WHO,
        )
        return ids[1]

    def debtor(self, name: str = "", *owed: tuple[str, int], number: str = "", **fields) -> int:
        """A customer that owes invoices of (amount in EUR, days late)."""
        customer_id = self.customer(name, number=number, **fields)
        for amount, late in owed or [("100.00", 20)]:
            self.invoice(customer_id, amount, late=late)
        return customer_id

    def payment(self, customer_id: int, amount: str, *, ago: int = 0, currency: str = "EUR") -> int:
        """An unapplied payment; gives its id."""
        return add_payment(
            self.session,
            company_id=self.company_id,
            customer_id=customer_id,
            number=f"P-{next(_numbers):04}",
            date=self.today - timedelta(days=ago),
            currency=currency,
            amount=parse_decimal(amount, currency),
            who=WHO,
        )

    def promise(self, customer_id: int, item_id: int, amount: str, *, made: int, due: int) -> int:
        """A promise made and due so many days ago."""
        return make_promise(
            self.session,
            company_id=self.company_id,
            customer_id=customer_id,
            instalment_ids=[item_id],
            amount=parse_decimal(amount, "EUR"),
            due_on=self.today - timedelta(days=due),
            on=self.today - timedelta(days=made),
            who=WHO,
        )

    def task(self, customer_id: int, *, due: int = 0) -> int:
        """A task that has been due for so many days."""
        return add_task(
            self.session,
            company_id=self.company_id,
            customer_id=customer_id,
            title="Send the contract",
            due_on=self.today - timedelta(days=due),
            who=WHO,
        )

    def click(self, customer_id: int) -> Click:
        """Ana's click on the customer's page as it stands."""
        own = select(CustomerState.number).where(CustomerState.customer_id == customer_id)
        return Click(
            company_id=self.company_id,
            customer_id=customer_id,
            number=self.session.scalar(own) or 1,
            who=WHO,
            user_id=None,
            today=self.today,
        )

    def call(self, customer_id: int) -> None:
        """A recorded action; the customer's level is not Done yet."""
        record_action(self.session, self.click(customer_id), kind="call")

    def done(self, customer_id: int) -> None:
        """Call the customer and mark the follow-up Done."""
        self.call(customer_id)
        mark_done(self.session, self.click(customer_id))

    def later(self, customer_id: int, *, days: int) -> None:
        """Put the customer off until that day."""
        do_later(self.session, self.click(customer_id), back_on=self.today + timedelta(days=days))

    def manual(self, customer_id: int, *, days: int) -> None:
        """Set the reminder to Manual."""
        remind_manually(self.session, self.click(customer_id), on=self.today + timedelta(days=days))


@contextmanager
def standing_still(day: date = TODAY) -> Iterator[None]:
    """Noon of that day, for this thread."""
    with clock.moved_to(datetime.combine(day, time(12), UTC)):
        yield


@contextmanager
def books(site, day: date = TODAY, *, company_id: int | None = None) -> Iterator[Books]:
    """The books open for writing on that day; what was written is committed, and the list stands as of the day."""
    with standing_still(day), site.writing() as session:
        opened = Books(session, company_id or site.company_id, today=day)
        if session.scalar(select(Plan.id).where(Plan.company_id == opened.company_id).limit(1)) is None:
            opened.plan()
        yield opened
        database.commit(session)
        database.begin_write(session)
        while refresh_due(session, company_id=opened.company_id, today=day):
            pass
