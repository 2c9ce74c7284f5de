"""Random scenarios, and playing one through the operations and the stored list instead of the pure rules alone."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import select

from arfollow import clock
from arfollow.app import create_app
from arfollow.companies.operations import create_company
from arfollow.companies.tables import Company
from arfollow.config import Settings
from arfollow.database import begin_write, commit, current_session, db
from arfollow.followup.clicks import Click
from arfollow.followup.operations.done import mark_done
from arfollow.followup.operations.recording import record_action
from arfollow.followup.operations.refresh import refresh_due
from arfollow.followup.operations.reminding import do_later, remind_automatically, remind_manually
from arfollow.followup.tables import CustomerState, FollowUpItem, ListRow
from arfollow.levels.drafts import LevelDraft, PlanDraft, WholePlan
from arfollow.levels.operations import write_whole_plan
from arfollow.levels.rules.steps import Pace, Timing
from arfollow.levels.tables import Level
from arfollow.receivables.operations.allocations import NothingToApplyError, apply_credit
from arfollow.receivables.operations.credits import add_credit_note, add_payment
from arfollow.receivables.operations.customers import CustomerFields, save_customer
from arfollow.receivables.operations.disputes import open_dispute, resolve_dispute
from arfollow.receivables.operations.holds import release_hold, set_hold
from arfollow.receivables.operations.invoices import NewInstalment, add_invoice
from arfollow.receivables.operations.promises import make_promise
from arfollow.receivables.tables import Customer, Dispute, Hold, Instalment, Invoice
from arfollow.values.money import parse_decimal
from tests.followup.scenarios import FIRST

REASONS = {"promise_broken": "promise", "manual": "manual", "level": "level", "review": "review"}
_numbers = count(1)


@contextmanager
def opened(url, folder: Path):
    """The session of an app over the migrated database."""
    settings = Settings(
        database_url=url, data_dir=folder, mail_url=f"file://{folder}/mail", secret_key="test"
    )
    with create_app(settings).app_context():
        yield current_session()
        current_session().close()
        db.engine.dispose()


class Ledger:
    """A new company in the database, to which a scenario happens day by day."""

    def __init__(self, session, scenario):
        self.session = session
        self.scenario = scenario
        with self.at(FIRST - timedelta(days=90)):
            self.company_id = create_company(
                session, name=f"Company {next(_numbers)}", country="DE", currency="EUR", who="test"
            )
            self._plan(scenario["plans"][0])
            for row in scenario["customers"]:
                save_customer(
                    session,
                    company_id=self.company_id,
                    number=row["customer"],
                    customer=CustomerFields(name=row["customer"]),
                    who="test",
                )
            self._tolerate(scenario["company"]["tolerance"])

    @contextmanager
    def at(self, day):
        with clock.moved_to(datetime.combine(day, time(12), UTC)):
            self.session.rollback()
            begin_write(self.session)
            try:
                yield
                commit(self.session)
            finally:
                self.session.rollback()

    def play(self):
        """The lines that `play` should give for the scenario."""
        ledger_days = [row["date"] for row in self.scenario["invoices"] + self.scenario["payments"]]
        event_days = [event["date"] for event in self.scenario["events"]]
        for day in sorted(
            {date.fromisoformat(d) for d in [*ledger_days, *event_days, *self.scenario["days"]]}
        ):
            self._book(day)
            self._happen(day, after_done=False)
            if day.isoformat() in self.scenario["days"]:
                yield from self._work(day)
            self._happen(day, after_done=True)

    def refresh(self, day):
        with self.at(day):
            while refresh_due(self.session, company_id=self.company_id, today=day):
                pass

    def rows(self):
        return self.session.execute(
            select(ListRow, Customer.number)
            .join(Customer, Customer.id == ListRow.customer_id)
            .where(ListRow.company_id == self.company_id)
            .order_by(Customer.number)
        ).all()

    def _plan(self, plan):
        levels = tuple(
            LevelDraft(
                name=level["level"],
                timing=Timing(level["timing"]),
                days=level["days"],
                deadline_days=level["deadline_days"],
                actions=tuple(level["actions"]),
            )
            for level in plan["levels"]
        )
        draft = PlanDraft(
            name="standard",
            pace=Pace(plan["pace"]),
            minimum_amounts={c: parse_decimal(a, c) for c, a in plan["minimum_amount"].items()},
            contact_gap_days=plan["contact_gap_days"],
            repeat_last_after_days=plan["repeat_last_after_days"],
            review_after_days=plan["review_after_days"],
            promise_grace_days=plan["promise_grace_days"],
        )
        whole = WholePlan(plan=draft, levels=levels)
        write_whole_plan(self.session, company_id=self.company_id, whole=whole, today=FIRST, who="test")

    def _tolerate(self, tolerance):
        company = self.session.get(Company, self.company_id)
        company.tolerances = {c: parse_decimal(a, c) for c, a in tolerance.items()}

    def _book(self, day):
        with self.at(day):
            for row in self.scenario["invoices"]:
                if row["date"] == day.isoformat():
                    self._add_invoice(row)
            for row in self.scenario["payments"]:
                if row["date"] == day.isoformat():
                    self._add_payment(row, day)

    def _add_invoice(self, row):
        add_invoice(
            self.session,
            company_id=self.company_id,
            customer_id=self.customer(row["customer"]),
            number=row["invoice"],
            date=date.fromisoformat(row["date"]),
            currency=row["currency"],
            instalments=[
                NewInstalment(
                    due_date=date.fromisoformat(row["due_date"]),
                    amount=parse_decimal(row["amount"], row["currency"]),
                )
            ],
            who="test",
        )

    def _add_payment(self, row, day):
        add = add_credit_note if row.get("kind") == "credit_note" else add_payment
        credit_id = add(
            self.session,
            company_id=self.company_id,
            customer_id=self.customer(row["customer"]),
            number=row["payment"],
            date=day,
            currency=row["currency"],
            amount=parse_decimal(row["amount"], row["currency"]),
            who="test",
        )
        if row["invoice"] is None:
            return
        try:
            apply_credit(
                self.session,
                company_id=self.company_id,
                credit_id=credit_id,
                instalment_ids=[self.item(row["invoice"])],
                on=day,
                who="test",
            )
        except NothingToApplyError:
            return

    def _happen(self, day, *, after_done):
        for event in self.scenario["events"]:
            if event["date"] == day.isoformat() and event["after_done"] == after_done:
                with self.at(day):
                    getattr(self, f"_{event['event']}")(event, day)

    def _hold(self, event, day):
        set_hold(
            self.session,
            company_id=self.company_id,
            customer_id=self.customer(event["customer"]),
            instalment_id=self.item(event["invoice"]) if "invoice" in event else None,
            reason="test",
            until=_day(event["until"]),
            on=day,
            who="test",
        )

    def _release(self, event, day):
        own = (Hold.customer_id == self.customer(event["customer"])) & Hold.instalment_id.is_(None)
        for hold in self.session.scalars(select(Hold).where(own, Hold.released_on.is_(None))):
            if hold.until is None or hold.until >= day:
                release_hold(
                    self.session,
                    company_id=self.company_id,
                    customer_id=hold.customer_id,
                    hold_id=hold.id,
                    on=day,
                    who="test",
                )

    def _dispute(self, event, day):
        open_dispute(
            self.session,
            company_id=self.company_id,
            customer_id=self.customer(event["customer"]),
            instalment_id=self.item(event["invoice"]),
            amount=parse_decimal(event["amount"], self.currency(event["invoice"]))
            if event["amount"]
            else None,
            reason="test",
            on=day,
            who="test",
        )

    def _resolve(self, event, day):
        own = Dispute.instalment_id == self.item(event["invoice"])
        for dispute in self.session.scalars(select(Dispute).where(own, Dispute.resolved_on.is_(None))):
            resolve_dispute(
                self.session,
                company_id=self.company_id,
                customer_id=dispute.customer_id,
                dispute_id=dispute.id,
                outcome="test",
                on=day,
                who="test",
            )

    def _promise(self, event, day):
        make_promise(
            self.session,
            company_id=self.company_id,
            customer_id=self.customer(event["customer"]),
            instalment_ids=[self.item(event["invoices"][0][0])],
            amount=parse_decimal(event["amount"], self.currency(event["invoices"][0][0])),
            due_on=_day(event["on"]),
            grace_days=self.scenario["plans"][0]["promise_grace_days"],
            on=day,
            who="test",
        )

    def _snooze(self, event, day):
        back_on = _day(event["until"]) + timedelta(days=1)
        do_later(self.session, self.click(self.customer(event["customer"]), day), back_on=back_on)

    def _manual(self, event, day):
        remind_manually(self.session, self.click(self.customer(event["customer"]), day), on=_day(event["on"]))

    def _auto(self, event, day):
        remind_automatically(self.session, self.click(self.customer(event["customer"]), day))

    def _work(self, day):
        self.refresh(day)
        names = dict(self.session.execute(select(Level.id, Level.name)).all())
        for row, number in self.rows():
            if row.reason in REASONS:
                click = self.click(row.customer_id, day)
                line = {
                    "date": day.isoformat(),
                    "customer": number,
                    "level": names.get(row.level_id),
                    "reason": REASONS[row.reason],
                    "actions": row.actions,
                }
                with self.at(day):
                    action = record_action(self.session, click, kind="call")
                    line["items"] = self._frozen(action.follow_up_id, names)
                    line["next"] = mark_done(self.session, click).next_on
                yield line

    def _frozen(self, follow_up_id, names):
        rows = self.session.execute(
            select(Invoice.number, FollowUpItem.level_id)
            .join(Instalment, Instalment.id == FollowUpItem.instalment_id)
            .join(Invoice, Invoice.id == Instalment.invoice_id)
            .where(FollowUpItem.follow_up_id == follow_up_id)
        )
        return sorted((number, names[level_id]) for number, level_id in rows)

    def click(self, customer_id, day):
        number = self.session.scalar(
            select(CustomerState.number).where(CustomerState.customer_id == customer_id)
        )
        return Click(
            company_id=self.company_id,
            customer_id=customer_id,
            number=number or 1,
            who="test",
            user_id=None,
            today=day,
        )

    def customer(self, number):
        own = (Customer.company_id == self.company_id) & (Customer.number == number)
        return self.session.scalars(select(Customer.id).where(own)).one()

    def item(self, invoice):
        own = (Invoice.company_id == self.company_id) & (Invoice.number == invoice)
        return self.session.scalars(
            select(Instalment.id).join(Invoice, Invoice.id == Instalment.invoice_id).where(own)
        ).one()

    def currency(self, invoice):
        own = (Invoice.company_id == self.company_id) & (Invoice.number == invoice)
        return self.session.scalars(select(Invoice.currency).where(own)).one()


def _day(text):
    return date.fromisoformat(text) if text else None
