"""Working one customer's page as a browser without a screen does."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

from sqlalchemy import event, select

from arfollow import database
from arfollow.access import Role
from arfollow.chatter.tables import ChatterEntry
from arfollow.companies.tables import Company
from arfollow.followup.tables import CustomerState, ListRow
from arfollow.receivables.tables import Customer, Instalment
from tests.factories import TODAY, books, standing_still


@dataclass
class Desk:
    """A clerk's page of one customer, on TODAY unless the test moves the clock."""

    site: object
    visitor: object
    number: str = "C-1"
    seen: int = 1
    last: object = field(default=None)

    @property
    def path(self):
        return f"/customers/{self.number}"

    def open(self, query=""):
        """Look at the page; its words, tags left out."""
        self.last = self.visitor.get(self.path + query)
        assert self.last.status_code == 200, self.last.text
        return self.words

    def click(self, action, *, htmx=True, **values):
        """Send one of its forms, as htmx does."""
        headers = {"HX-Request": "true"} if htmx else {}
        self.visitor.headers = headers
        self.last = self.visitor.post(f"{self.path}/{action}", {"number": self.seen, **values})
        self.visitor.headers = {}
        return self.last.status_code

    @property
    def words(self):
        return words_of(self.last.text)

    @property
    def tags(self):
        with self.site.reading() as session:
            return list(session.scalars(select(ChatterEntry.tag).order_by(ChatterEntry.sequence)))

    def state(self):
        with self.site.reading() as session:
            return session.scalars(select(CustomerState)).one()

    def row(self):
        with self.site.reading() as session:
            own = select(ListRow).join(Customer, Customer.id == ListRow.customer_id)
            return session.scalars(own.where(Customer.number == self.number)).one()


def words_of(html):
    """What a reader sees, on one line."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(text).split())


@contextmanager
def desk(site, *owed, role=Role.CLERK, **fields):
    """The page of C-1, who owes invoices of (amount, days late); with its books, before the page is opened."""
    given = {"email": "pay@example.com", "street": "Gasse 3", "city": "Köln", "language": "en", **fields}
    with standing_still():
        visitor = site.sign_in(role, name="Ana")
        with books(site) as book:
            book.debtor("Bäckerei Ümit", *owed, number="C-1", **given)
        set_company(site, email="receivables@acme.example")
        yield Desk(site, visitor)


def customer_of(book, number="C-1"):
    """The id of a customer, by its number."""
    return book.session.scalars(select(Customer.id).where(Customer.number == number)).one()


def items_of(site, number="C-1"):
    """The ids of a customer's items, oldest due first."""
    with site.reading() as session:
        own = select(Instalment.id).join(Customer, Customer.id == Instalment.customer_id)
        return list(session.scalars(own.where(Customer.number == number).order_by(Instalment.due_date)))


def set_company(site, **values):
    """Change the company's settings."""
    with site.writing() as session:
        company = session.get(Company, site.company_id)
        for name, value in values.items():
            setattr(company, name, value)


@contextmanager
def counted(site):
    """A list that grows by every statement sent to the database."""
    statements = []
    with site.app.app_context():
        engine = database.db.engine

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def at_the_last_level(site):
    """Their invoice was followed at the second level 15 days ago: the third asks for a letter and a call."""
    for days in (30, 15):
        with books(site, TODAY - timedelta(days=days)) as book:
            book.done(customer_of(book))
