"""A customer who has a link, and a phone to open it with."""

import re
from dataclasses import dataclass, field

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from arfollow import clock
from arfollow.chatter.tables import ChatterEntry, ChatterPerson
from arfollow.profiles.tables import CustomerEvent
from arfollow.receivables.operations.links import issue
from arfollow.receivables.queries.links import address_of
from tests.factories import books, standing_still

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
ONCE = re.compile(r'name="once"[^>]* value="([^"]+)"')


@dataclass
class Phone:
    """A browser without a screen, in the hands of a customer."""

    site: object
    customer_id: int
    client: FlaskClient
    last: object = field(default=None)

    def link(self, page, *, days=90, **about):
        """Send the customer a link; gives its path and its id."""
        with self.site.writing() as session:
            link_id = issue(
                session,
                company_id=self.site.company_id,
                customer_id=self.customer_id,
                page=page,
                about=about,
                now=clock.now(),
                days=days,
            )
            address = address_of(session, link_id)
        return address.removeprefix("http://127.0.0.1:5000"), link_id

    def open(self, page, **about):
        """Send a link, open it, and press its button; gives the path of the page that comes."""
        path, link_id = self.link(page, **about)
        self.get(path)
        assert self.post(path) == 303
        assert self.last.location == f"/my/{link_id}/{page}"
        return self.last.location

    def get(self, path):
        self.last = self.client.get(path)
        return self.last.text

    def post(self, path, **values):
        """Send the form of the page that is open."""
        token = TOKEN.search(self.last.text)
        once = ONCE.search(self.last.text)
        form = {"csrf_token": token[1] if token else "", **({"once": once[1]} if once else {}), **values}
        self.last = self.client.post(path, data=form)
        return self.last.status_code

    def events(self):
        """What was told of the customer: kind, step and data, in order."""
        with self.site.reading() as session:
            rows = session.scalars(select(CustomerEvent).order_by(CustomerEvent.id))
            return [(row.kind, row.of, row.data) for row in rows]

    def entries(self, subject):
        """Who did what, of the chatter about a subject."""
        with self.site.reading() as session:
            rows = session.execute(
                select(ChatterEntry.tag, ChatterPerson.name)
                .join(ChatterPerson, ChatterPerson.digest == ChatterEntry.who)
                .where(ChatterEntry.tag.startswith(f"{subject}:"))
                .order_by(ChatterEntry.sequence)
            )
            return [tuple(row) for row in rows]


def held_by(site, **fields):
    """The phone of a customer who owes two invoices."""
    with books(site) as book:
        customer_id = book.customer("Bäckerei Ümit", number="C-1", **({"language": "en"} | fields))
        book.invoice(customer_id, "620.50", late=20, number="R-1")
        book.invoice(customer_id, "80.00", late=5, number="R-2")
    return Phone(site, customer_id, site.app.test_client())


@pytest.fixture
def phone(sqlite_site):
    with standing_still():
        yield held_by(sqlite_site)


@pytest.fixture
def phone_anywhere(site):
    """The same on each engine."""
    with standing_still():
        yield held_by(site)
