"""A company at work: the pages behind a socket, the worker, a mail server and a gateway, on days that a test names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import Any

import time_machine
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from arfollow import clock, database
from arfollow.delivery.ways import open_channels
from arfollow.delivery.worker import Worker
from arfollow.profiles.operations import add_to_list, consent
from arfollow.profiles.words import EVENTS
from arfollow.receivables.operations.allocations import apply_credit
from tests.factories import Books, books
from tests.fixtures.apps import Site
from tests.fixtures.browsers import sign_in
from tests.fixtures.gateway import FakeGateway
from tests.fixtures.mail import MailSink

# Ahead of any clock that this is run by: the browser drops a cookie that has expired by its own. A Monday.
BEGIN = datetime(2031, 3, 3, 13, tzinfo=UTC)
_LINK = re.compile(r"http://127\.0\.0\.1:\d+/l/[\w-]+")


@dataclass(kw_only=True)
class Live:
    """Days count from the Monday on which all begins; on each it is early afternoon."""

    site: Site
    address: str
    page: Page
    sink: MailSink
    gateway: FakeGateway
    traveller: time_machine.Traveller
    signed_in: str = ""
    turns: int = 0

    @property
    def today(self) -> date:
        """The day that it is."""
        return clock.today("Europe/Berlin")

    @contextmanager
    def books(self) -> Iterator[Books]:
        """The books of the day, for what another program keeps."""
        with books(self.site, self.today) as opened:
            yield opened

    def day(self, days: int) -> None:
        """Go to that day, and let the worker do what there is to do."""
        self.turns += 1
        # A little later each time: three days after what was done at one is over only then.
        self.traveller.move_to(BEGIN + timedelta(days=days, minutes=10 * self.turns))
        self.signed_in = ""
        self.work()

    def work(self) -> None:
        """The worker looks twice, as it does every few seconds; what it does comes a moment after what led to it."""
        self.traveller.shift(60)
        for _ in range(2):
            channel = open_channels(self.site.app.config["SETTINGS"])
            Worker(sessions=self._session, channel=channel, stop=Event()).run_once()
        self.traveller.shift(60)

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with self.site.app.app_context():
            yield database.current_session()

    def open(self, who: str, path: str) -> Page:
        """Somebody who is signed in opens a page."""
        if self.signed_in != who:
            self.page.context.clear_cookies()
            self.signed_in = who
            return sign_in(self.page, self.address, f"{who}@example.com", to=path)
        self.page.goto(f"{self.address}{path}")
        return self.page

    def take_over(self, example: str) -> Page:
        """Maria makes a workflow of an example; gives the page of its route."""
        page = self.open("maria", "/workflows/new")
        taken = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=example))
        taken.get_by_role("button", name="Take it over").click()
        page.wait_for_url(re.compile(r"/workflows/\d+$"))
        return page

    def set(self, block: str, label: str, value: str) -> None:
        """Change one setting of a block of the route that is open."""
        self.page.locator(f"#block-{block}").click()
        self.settle()
        self.page.get_by_label(label).fill(value)
        # What was typed is looked at when the field is left; then it is kept.
        with self.page.expect_response("**/steps"):
            self.page.get_by_label(label).blur()
        with self.page.expect_response("**/steps"):
            self.page.get_by_role("button", name="Save", exact=True).click()

    def settle(self) -> None:
        """Wait for the editor that the last click asks for."""
        self.page.locator("#editor:not([inert])").wait_for()

    def publish(self) -> None:
        """Publish the route that is open."""
        self.page.get_by_role("link", name="Publish …").click()
        self.page.get_by_role("button", name="Publish version 1").click()
        self.page.get_by_text("Version 1 is in force.").wait_for()
        self.work()

    def note(self, number: str, kind: str, **told: str) -> None:
        """Ana notes on a customer's profile that something happened."""
        page = self.open("ana", f"/customers/{number}/profile")
        page.get_by_text("Note an event").click()
        page.get_by_label("What happened").fill(kind)
        for index, (name, value) in enumerate(told.items(), 1):
            page.get_by_label(f"Name {index}").fill(name)
            page.get_by_label(f"Value {index}").fill(value)
        page.get_by_role("button", name="Note the event").click()
        page.get_by_role("listitem").filter(has_text=EVENTS[kind]).first.wait_for()
        self.work()

    def mails(self, recipient: str) -> list[tuple[str, str]]:
        """Subject and text of what a recipient got, oldest first."""
        return [
            (str(message["Subject"]), message.get_body(("plain",)).get_content())
            for message in self.sink.messages
            if recipient in str(message["To"])
        ]

    def follow(self, text: str, *, nth: int = 0) -> Page:
        """The customer opens a link of a message, and clicks its button."""
        self.page.goto(_LINK.findall(text)[nth])
        self.page.get_by_role("button", name="Open your page").click()
        self.page.wait_for_url("**/my/**")
        return self.page

    def chatter(self, number: str) -> str:
        """What Ana reads in the chatter of the customer's page."""
        return self.open("ana", f"/customers/{number}").locator("#chatter").inner_text()

    def on_the_list(self, name: str) -> Page:
        """Ana's daily list, on which the customer is; and the customer's page."""
        page = self.open("ana", "/follow-ups")
        page.get_by_role("link", name=name).first.click()
        page.get_by_role("heading", name=name).wait_for()
        return page

    def inspected(self, number: str, workflow: str) -> Page:
        """The inspector, for a customer who is in the workflow."""
        page = self.open("maria", f"/customers/{number}")
        page.get_by_role("link", name=workflow).first.click()
        page.get_by_role("heading", name="Where it is").wait_for()
        return page

    def customer(
        self, name: str, *, number: str, lists: Sequence[str] = (), agrees: bool = False, **fields: Any
    ) -> int:
        """A customer of the ledger, with an e-mail address; gives the id. `agrees`: to marketing by e-mail and by letter."""
        given = {"email": f"{number.lower()}@example.com", "language": "en", "country": "DE"} | fields
        with self.books() as book:
            customer_id = book.customer(name, number=number, **given)
            whose = {"company_id": book.company_id, "customer_id": customer_id, "who": "Ana"}
            for each in lists:
                add_to_list(book.session, **whose, name=each, on=self.today)
            for channel in ("email", "letter") if agrees else ():
                consent(book.session, **whose, channel=channel, given=True, source="form")
        return customer_id

    def pay(self, customer_id: int, instalment_id: int, amount: str) -> None:
        """The payment of an item reaches the books."""
        with self.books() as book:
            credit_id = book.payment(customer_id, amount)
            paid = {"credit_id": credit_id, "instalment_ids": [instalment_id], "on": self.today}
            apply_credit(book.session, company_id=book.company_id, **paid, who="Ana")
