"""Something happens to a customer's account while a queued e-mail is on its way out.

Whatever is committed before "sending" is wins: no mail claims money that is not owed any more.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from time import sleep

import pytest

from arfollow import database
from arfollow.companies.tables import Company
from arfollow.delivery import operations, sending
from arfollow.delivery.rules import Sent
from arfollow.delivery.tables import Delivery
from arfollow.exchange.files import File
from arfollow.exchange.operations import apply, prepare
from arfollow.exchange.translating import Reading
from arfollow.followup.actions.email import FollowUpPreparer, send_email
from arfollow.receivables.operations.customers import CustomerFields, save_customer
from arfollow.receivables.operations.disputes import open_dispute
from arfollow.receivables.operations.holds import set_hold
from tests.factories import TODAY, WHO, Books, books, standing_still


@dataclass
class Account(Books):
    """Books open at a customer who owes one item."""

    customer_id: int = 0
    number: str = ""
    item_id: int = 0

    @property
    def whose(self):
        return {"company_id": self.company_id, "customer_id": self.customer_id, "on": TODAY, "who": WHO}


def pay(account):
    account.payment(account.customer_id, "100.00")


def import_payment(account):
    rows = [
        "payment,customer,date,currency,amount,invoice,instalment",
        f"P-9,{account.number},{TODAY},EUR,100.00,,",
    ]
    prepared = prepare([File(name="payments.csv", content="\n".join(rows).encode())], Reading())
    apply(account.session, company_id=account.company_id, prepared=prepared, today=TODAY, who=WHO)


def hold_item(account):
    set_hold(account.session, instalment_id=account.item_id, reason="New address", **account.whose)


def hold_customer(account):
    set_hold(account.session, reason="Insolvent", **account.whose)


def dispute(account):
    open_dispute(account.session, instalment_id=account.item_id, reason="Broken", **account.whose)


def promise(account):
    account.promise(account.customer_id, account.item_id, "100.00", made=0, due=-7)


def remove_address(account):
    bare = CustomerFields(name="Bäckerei Ümit")
    save_customer(
        account.session, company_id=account.company_id, number=account.number, customer=bare, who=WHO
    )


CHANGES = [pay, import_payment, hold_item, hold_customer, dispute, promise, remove_address]


@dataclass
class Sending:
    """A customer with a queued e-mail about EUR 100.00, and the worker that sends it."""

    site: object
    customer_id: int
    number: str
    item_id: int
    delivery_id: int
    mails: int = 0

    @contextmanager
    def changing(self):
        """A transaction that writes to the account, committed at its end."""
        with standing_still(), self.site.app.app_context():
            session = database.current_session()
            database.begin_write(session)
            yield Account(
                session,
                self.site.company_id,
                customer_id=self.customer_id,
                number=self.number,
                item_id=self.item_id,
            )
            database.commit(session)

    def work(self):
        """A worker's round."""
        with standing_still(), self.site.app.app_context():
            sending.send_due(database.current_session(), channel=self)

    def send(self, envelope):
        self.mails += 1
        return Sent(answer="250 OK")

    def outcome(self):
        with self.site.reading() as session:
            return self.mails, session.get_one(Delivery, self.delivery_id).state


@pytest.fixture
def queue(site):
    """Queues the e-mail of a new customer, whose number ends in the given word."""
    with site.writing() as session:
        session.get_one(Company, site.company_id).email = "receivables@acme.example"

    def queue_one(word):
        number = f"C-{word}"
        with books(site) as book:
            customer_id = book.customer("Bäckerei Ümit", number=number, email="pay@example.com")
            item_id = book.invoice(customer_id)
            delivery_id = send_email(book.session, book.click(customer_id))
        return Sending(site, customer_id, number, item_id, delivery_id)

    return queue_one


def at_step(monkeypatch, step, happen):
    """Have `happen` called at that step of the worker, once."""
    owner, name = {
        "after the claim": (sending, "_facts"),
        "after the first facts": (FollowUpPreparer, "render"),
        "after rendering": (sending, "lock_recipients"),
    }[step]
    original, calls = getattr(owner, name), []

    def wrapped(first, *arguments, **options):
        if not calls:
            calls.append(name)
            if step == "after rendering":
                # The transaction that will say "sending" has begun, and has read nothing: it may as well begin later.
                first.rollback()
            happen()
            if step == "after rendering":
                database.begin_write(first)
        return original(first, *arguments, **options)

    monkeypatch.setattr(owner, name, wrapped)


@pytest.mark.parametrize(
    "step", ["after the click", "after the claim", "after the first facts", "after rendering"]
)
def test_what_is_committed_before_sending_is_seen(queue, monkeypatch, step):
    outcomes = {}

    for change in CHANGES:
        queued = queue(change.__name__)

        def happen(queued=queued, change=change):
            with queued.changing() as account:
                change(account)

        with monkeypatch.context() as patch:
            if step == "after the click":
                happen()
            else:
                at_step(patch, step, happen)
            queued.work()
        outcomes[change.__name__] = queued.outcome()

    assert outcomes == {change.__name__: (0, "cancelled") for change in CHANGES}


def test_what_is_being_written_is_waited_for(queue):
    outcomes = {}

    for change in CHANGES:
        queued, is_written = queue(change.__name__), Event()

        def write(queued=queued, change=change, is_written=is_written):
            with queued.changing() as account:
                change(account)
                account.session.flush()
                is_written.set()
                sleep(0.3)

        writing = Thread(target=write)
        writing.start()
        is_written.wait(30)
        queued.work()
        writing.join()
        outcomes[change.__name__] = queued.outcome()

    assert outcomes == {change.__name__: (0, "cancelled") for change in CHANGES}


def test_what_comes_just_before_the_commit_waits_until_after_it(queue, monkeypatch):
    begin_sending, outcomes = operations.begin_sending, {}

    for change in CHANGES:
        queued, is_written, early = queue(change.__name__), Event(), []

        def write(queued=queued, change=change, is_written=is_written):
            with queued.changing() as account:
                change(account)
            is_written.set()

        writing = Thread(target=write)

        def begin(session, *, writing=writing, is_written=is_written, early=early, **options):
            leave_by = begin_sending(session, **options)
            writing.start()
            early.append(is_written.wait(0.5))
            return leave_by

        with monkeypatch.context() as patch:
            patch.setattr(operations, "begin_sending", begin)
            queued.work()
        writing.join()
        outcomes[change.__name__] = (*queued.outcome(), *early, is_written.is_set())

    assert outcomes == {change.__name__: (1, "sent", False, True) for change in CHANGES}
