"""Two years of a small company: a fake clock, a mail server that fails as it likes, and a model as the judge."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from arfollow import clock
from arfollow.chatter.verification import verify
from arfollow.config import Settings
from arfollow.database import begin_write, commit, current_session, migrate
from arfollow.delivery.operations import AlreadyDecidedError, give_up, resend, sent_after_all
from arfollow.delivery.rules import OPEN_QUESTIONS, Doubtful, Refused, Sent, State
from arfollow.delivery.tables import Delivery
from arfollow.delivery.worker import Worker
from arfollow.followup.actions.email import send_email
from arfollow.levels.tables import Level
from arfollow.receivables.operations.allocations import apply_credit
from arfollow.receivables.operations.credits import add_payment
from arfollow.statements.rules import NothingToClaimError
from tests.factories import WHO, Books
from tests.fixtures.apps import Site
from tests.fixtures.keeping import kept_app
from tests.followup.desks import set_company

BEGIN = date(2026, 1, 5)
END = BEGIN + timedelta(days=730)
CUSTOMERS = 3
BERLIN = ZoneInfo("Europe/Berlin")
FAULTS = ("ok", "ok", "ok", "later", "never", "lost before", "lost after", "dies before", "dies after")


def live_two_years(times: int) -> None:
    """Let that many companies live two years each; the first violation ends it, and is made small."""
    phases = (Phase.generate, Phase.shrink)
    run_state_machine_as_test(
        TwoYears,
        settings=settings(
            max_examples=times,
            stateful_step_count=40,
            deadline=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


class DiedError(BaseException):
    """The worker's process is gone; nothing may catch it."""


@dataclass
class MailServer:
    """Takes messages, or does one of FAULTS. `accepted`: Message-ID and delivery of whatever it has taken."""

    faults: list[str] = field(default_factory=list)
    accepted: list[tuple[str, int]] = field(default_factory=list)

    def send(self, envelope):
        fault = self.faults.pop(0) if self.faults else "ok"
        if fault in {"ok", "lost after", "dies after"}:
            self.accepted.append((envelope.message_id, envelope.delivery_id))
        match fault:
            case "ok":
                return Sent(answer="250 OK")
            case "later":
                return Refused(answer="451 later", permanent=False)
            case "never":
                return Refused(answer="550 no", permanent=True)
            case "lost before" | "lost after":
                return Doubtful(answer="no answer")
        raise DiedError


@dataclass
class Debt:
    """What the model knows of an invoice."""

    customer: int
    item: int
    due: date
    residual: int


class TwoYears(RuleBasedStateMachine):
    """Rules are what happens to the company; what must never happen is looked for after each day of the worker."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="arfollow-years-"))
        self.today = BEGIN
        self.server = MailServer()
        self.debts: list[Debt] = []
        self.judged = 0
        self.opened = None

    @initialize()
    def found(self):
        url = f"sqlite:///{shutil.copyfile(template(), self.folder / 'years.sqlite3')}"
        self.opened = kept_app(
            Settings(database_url=url, data_dir=self.folder, mail_url="", secret_key="test")
        )
        with self.moved():
            self.site = Site(app=self.opened.__enter__(), company_id=0)
            self.site.company_id = self.site.company("ACME GmbH", "DE", "EUR")
            set_company(self.site, email="accounts@acme.example.com")
            with self.books() as book:
                book.plan()
                book.session.execute(
                    update(Level)
                    .where(Level.position < 3)
                    .values(email_automatic=True, attach_statement=False)
                )
                self.customers = [
                    book.customer(number=f"C-{number}", email=f"c{number}@example.com")
                    for number in range(CUSTOMERS)
                ]

    def teardown(self):
        if self.opened is None:
            return
        with self.site.reading() as session:
            assert not verify(session, company_id=self.site.company_id).problems
        self.opened.__exit__(None, None, None)
        shutil.rmtree(self.folder)

    def moved(self, hour=12):
        return clock.moved_to(
            datetime.combine(self.today, datetime.min.time(), BERLIN) + timedelta(hours=hour)
        )

    def books(self):
        return opened_books(self.site, self.today)

    @rule(customer=st.integers(0, CUSTOMERS - 1), amount=st.integers(1, 50_000), late=st.integers(-20, 40))
    def owe(self, customer, amount, late):
        with self.moved(), self.books() as book:
            text = f"{amount // 100}.{amount % 100:02}"
            item = book.invoice(self.customers[customer], text, late=late)
        self.debts.append(Debt(self.customers[customer], item, self.today - timedelta(days=late), amount))

    @precondition(lambda self: any(debt.residual for debt in self.debts))
    @rule(which=st.integers(0, 99), share=st.sampled_from((0.3, 1.0, 1.0)))
    def pay(self, which, share):
        left = [debt for debt in self.debts if debt.residual]
        debt = left[which % len(left)]
        amount = max(1, int(debt.residual * share))
        with self.moved(), self.books() as book:
            company = {"company_id": self.site.company_id, "who": WHO}
            credit = add_payment(
                book.session,
                customer_id=debt.customer,
                number=f"P-{self.today}-{len(self.server.accepted)}-{amount}-{which}-{debt.item}-{debt.residual}",
                date=self.today,
                currency="EUR",
                amount=amount,
                **company,
            )
            apply_credit(book.session, credit_id=credit, instalment_ids=[debt.item], on=self.today, **company)
        debt.residual -= amount

    @rule(customer=st.integers(0, CUSTOMERS - 1), how=st.sampled_from(("call", "email")))
    def work(self, customer, how):
        """A clerk writes or calls, and marks it Done."""
        with self.moved(), self.books() as book, suppress(ValueError, NothingToClaimError):
            customer_id = self.customers[customer]
            if how == "email":
                send_email(book.session, book.click(customer_id))
            book.done(customer_id)

    @rule(how=st.sampled_from((give_up, resend, sent_after_all)))
    def decide(self, how):
        """Somebody decides about the oldest open question."""
        with self.moved(), self.books() as book:
            question = book.session.scalars(
                select(Delivery.id)
                .where(Delivery.state.in_(OPEN_QUESTIONS), Delivery.decided_at.is_(None))
                .order_by(Delivery.id)
            ).first()
            if question is not None:
                with suppress(AlreadyDecidedError):
                    how(
                        book.session,
                        company_id=self.site.company_id,
                        delivery_id=question,
                        reason="so",
                        who=WHO,
                    )

    @precondition(lambda self: self.today < END)
    @rule(days=st.integers(1, 30), faults=st.lists(st.sampled_from(FAULTS), max_size=4))
    def live(self, days, faults):
        """Days pass without a worker; then it runs, fails as told, and runs once more."""
        self.today += timedelta(days=days)
        self.server.faults = list(faults)
        for hour in (9, 12, 13):
            with self.moved(hour), suppress(DiedError):
                Worker(sessions=self.sessions, channel=self.server, stop=Event()).run_once()
        self.judge()

    @contextmanager
    def sessions(self):
        with self.site.app.app_context():
            yield current_session()

    def judge(self):
        """No Message-ID was taken twice, nothing was claimed that is not owed, and nobody's state lies."""
        taken = Counter(message_id for message_id, _ in self.server.accepted)
        assert set(taken.values()) <= {1}, taken
        with self.site.reading() as session:
            rows = {row.id: row for row in session.scalars(select(Delivery))}
        for _message_id, delivery_id in self.server.accepted[self.judged :]:
            row = rows[delivery_id]
            if row.customer_id is not None:
                self.judge_claim(row)
        self.judged = len(self.server.accepted)
        accepted = {delivery_id for _, delivery_id in self.server.accepted}
        for row in rows.values():
            if row.state == State.SENT:
                assert row.id in accepted or row.decided_at is not None
            if row.id in accepted:
                assert row.state in {State.SENT, State.UNCERTAIN, State.SENDING}, row.state
        written = Counter(
            (row.customer_id, row.queued_at.date())
            for row in rows.values()
            if row.customer_id is not None and row.queued_by == "system"
        )
        assert set(written.values()) <= {1}, written

    def judge_claim(self, row):
        owed = sum(
            debt.residual for debt in self.debts if debt.customer == row.customer_id and debt.due < self.today
        )
        claims = {each["currency"]: each["minor"] for each in row.outgoing["facts"]["claimed"]}
        assert set(claims) <= {"EUR"}
        assert claims.get("EUR", 0) <= owed, (claims, owed)
        # A clerk may send a statement of account to somebody who owes nothing; the program writes for money alone.
        assert claims or row.queued_by != "system"


@contextmanager
def opened_books(site: Site, today: date) -> Iterator[Books]:
    """The company's books, open for writing; what was written is committed."""
    with site.app.app_context():
        session = current_session()
        begin_write(session)
        yield Books(session, site.company_id, today=today)
        commit(session)


@cache
def template() -> Path:
    """An empty migrated database to copy from."""
    path = Path(tempfile.mkdtemp(prefix="arfollow-years-")) / "template.sqlite3"
    migrate(f"sqlite:///{path}")
    return path
