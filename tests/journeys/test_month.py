"""A month with a nightly file of open items: each day's list is what the rules say of the model, and the log holds."""

from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from random import Random

from sqlalchemy import select

from arfollow import clock
from arfollow.chatter.verification import verify
from arfollow.companies.operations import create_company
from arfollow.database import begin_write, commit
from arfollow.exchange.files import File
from arfollow.exchange.operations import OpenItems, apply, prepare
from arfollow.exchange.translating import Reading
from arfollow.followup.clicks import Click
from arfollow.followup.operations.done import mark_done
from arfollow.followup.operations.recording import record_action
from arfollow.followup.operations.refresh import refresh_due
from arfollow.followup.operations.reminding import do_later, remind_manually
from arfollow.followup.tables import CustomerState, ListAmount, ListRow
from arfollow.levels.drafts import LevelDraft, PlanDraft, WholePlan
from arfollow.levels.operations import write_whole_plan
from arfollow.levels.tables import Level
from arfollow.receivables.operations.customers import CustomerFields, save_customer
from arfollow.receivables.operations.promises import make_promise
from arfollow.receivables.tables import Customer, Instalment, Invoice
from tests.followup.ledgers import opened
from tests.journeys.month import CUSTOMERS, DAYS, DEADLINE_DAYS, LEVELS, PLAN, Month

CLERKS = ("Ana", "Jan")


def test_a_month_of_nightly_files_lists_whom_the_rules_list(engine_url, tmp_path):
    with opened(engine_url, tmp_path) as session:
        month, books = Month(Random(4)), Books(session)

        codes = set()
        for day in DAYS:
            month.live(day)
            books.take_in(day, month.open_list(day))
            for customer, row in books.rows(day).items():
                assert row == _expected(month.row(customer, day)), (day, customer)
                codes.add(row[1])
            _work(month, books, day)

        assert codes >= {
            "level",
            "promise_broken",
            "manual",
            "review",
            "cash",
            "snoozed",
            "promised",
            "settled",
        }
        assert not verify(session, company_id=books.company_id).problems


def _expected(row):
    level = None if row.level_id is None else LEVELS[row.level_id][0]
    amounts = sorted((a.currency, a.overdue, a.total, a.unapplied) for a in row.amounts)
    return (
        row.status.value,
        row.code.value,
        level,
        list(row.actions),
        row.follow_up_on,
        row.oldest_due_on,
        amounts,
    )


def _work(month, books, day):
    """Two clerks share the list; some customers are put off, some promise, some get a reminder, some wait."""
    if day.weekday() > 4:
        return
    for index, (customer, row) in enumerate(books.rows(day).items()):
        if row[0] != "action" or row[1] == "cash":
            continue
        who, luck = CLERKS[index % 2], month.random.random()
        if luck < 0.1:
            back_on = day + timedelta(days=3)
            books.click(customer, day, who, do_later, back_on=back_on)
            month.put_off(customer, day, back_on)
            continue
        if luck < 0.75:
            books.click(customer, day, who, record_action, kind="call")
            books.click(customer, day, who, mark_done)
            month.done(customer, day)
        if luck < 0.3:
            on = day + timedelta(days=6)
            books.click(customer, day, who, remind_manually, on=on)
            month.remind(customer, on)
        elif luck < 0.55:
            _promise(month, books, customer, day, who)


def _promise(month, books, customer, day, who):
    overdue = [item for item in month.facts(customer, day).account.items if item.overdue(day)]
    if overdue:
        due_on = day + timedelta(days=4)
        books.promise(customer, day, who, item=overdue[0], due_on=due_on)
        month.promise(customer, day, item=overdue[0], due_on=due_on)


class Books:
    """The same company in the database."""

    def __init__(self, session):
        self.session = session
        with self.at(DAYS[0]):
            self.company_id = create_company(
                session, name="Month", country="DE", currency="EUR", language="en", who="test"
            )
            write_whole_plan(session, company_id=self.company_id, whole=_plan(), today=DAYS[0], who="test")
            for number in CUSTOMERS:
                save_customer(
                    session,
                    company_id=self.company_id,
                    number=number,
                    customer=CustomerFields(name=number),
                    who="test",
                )
        self.levels = dict(session.execute(select(Level.id, Level.name)).all())
        self.ids = dict(session.execute(select(Customer.number, Customer.id)).all())

    @contextmanager
    def at(self, day):
        with clock.moved_to(datetime.combine(day, time(7), UTC)):
            self.session.rollback()
            begin_write(self.session)
            yield
            commit(self.session)

    def take_in(self, day, text):
        prepared = prepare([File(name="open.csv", content=text.encode())], Reading(open_items=True))
        with self.at(day):
            apply(
                self.session,
                company_id=self.company_id,
                prepared=prepared,
                open_items=OpenItems(as_of=day, confirmed=True),
                today=day,
                who="test",
            )
        with self.at(day):
            while refresh_due(self.session, company_id=self.company_id, today=day):
                pass

    def rows(self, day):
        """What the stored list says of each customer."""
        amounts = {}
        for each in self.session.scalars(select(ListAmount).order_by(ListAmount.currency)):
            amounts.setdefault(each.customer_id, []).append(
                (each.currency, each.overdue, each.total, each.unapplied)
            )
        rows = self.session.execute(
            select(ListRow, Customer.number)
            .join(Customer, Customer.id == ListRow.customer_id)
            .order_by(Customer.number)
        )
        return {
            number: (
                row.status,
                row.reason,
                self.levels.get(row.level_id),
                row.actions,
                row.follow_up_on,
                row.oldest_due_on,
                amounts.get(row.customer_id, []),
            )
            for row, number in rows
        }

    def click(self, customer, day, who, operation, **details):
        customer_id = self.ids[customer]
        with self.at(day):
            number = self.session.scalar(
                select(CustomerState.number).where(CustomerState.customer_id == customer_id)
            )
            click = Click(
                company_id=self.company_id,
                customer_id=customer_id,
                number=number or 1,
                who=who,
                user_id=None,
                today=day,
            )
            operation(self.session, click, **details)

    def promise(self, customer, day, who, *, item, due_on):
        with self.at(day):
            instalment_id = self.session.scalars(
                select(Instalment.id)
                .join(Invoice, Invoice.id == Instalment.invoice_id)
                .where(Invoice.number == item.invoice)
            ).one()
            make_promise(
                self.session,
                company_id=self.company_id,
                customer_id=self.ids[customer],
                instalment_ids=[instalment_id],
                amount=item.residual,
                due_on=due_on,
                on=day,
                who=who,
            )


def _plan():
    levels = tuple(
        LevelDraft(name=name, days=days, deadline_days=DEADLINE_DAYS, actions=actions)
        for name, days, actions in LEVELS
    )
    plan = PlanDraft(
        name="standard", contact_gap_days=PLAN.contact_gap_days, review_after_days=PLAN.review_after_days
    )
    return WholePlan(plan=plan, levels=levels)
