"""A ledger with a customer for everything that the list can show, and looking at it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from arfollow.access import Role, Scope
from arfollow.database import touch
from arfollow.delivery.tables import Delivery
from arfollow.followup.queries.list_view import View, parse
from arfollow.followup.queries.listing import list_page
from tests.factories import TODAY, books


@dataclass
class Reader:
    """Ana, who looks at the list on TODAY. `ids`: of the customers by name."""

    site: object
    ana: int
    jan: int
    ids: dict

    def scope(self, company_id=None, today=TODAY, works_for=()):
        return Scope(
            company_id=company_id or self.site.company_id,
            user_id=self.ana,
            user_name="Ana Maier",
            role=Role.CLERK,
            today=today,
            works_for=(self.ana, *works_for),
        )

    def look(self, arguments=None, *, view=View.ACTION, company_id=None, today=TODAY, works_for=()):
        """The page of the list that the arguments of an address name."""
        with self.site.reading() as session:
            return list_page(
                session, self.scope(company_id, today, works_for), parse(arguments or {}, view=view)
            )


def make_reader(site, *, filled=True):
    """Ana before a filled ledger, or one without customers."""
    ana = site.person(Role.CLERK, name="Ana Maier")
    jan = site.person(Role.MANAGER, name="Jan van der Kowalski")
    return Reader(site, ana, jan, write_ledger(site, ana, jan) if filled else {})


def write_ledger(site, ana, jan):
    """A customer for every band, and some that rest; another company's customers too. The customers' ids by name."""
    ids = {}
    for days in (60, 40, 25):
        with books(site, TODAY - timedelta(days=days)) as book:
            if days == 60:
                ids["Reviewed"] = book.debtor("Reviewed", ("40.00", 20), responsible_id=ana)
            book.done(ids["Reviewed"])
    with books(site, TODAY - timedelta(days=20)) as book:
        ids["Reminded"] = book.debtor("Reminded", ("60.00", 10))
        book.manual(ids["Reminded"], days=19)
    with books(site) as book:
        ids["Bounced"] = book.debtor("Bounced", ("70.00", 20))
        book.session.add(_failed_delivery(site.company_id, ids["Bounced"]))
        touch(book.session, [ids["Bounced"]])
        ids["Promised"] = book.customer("Promised", number="P/1", responsible_id=jan)
        item = book.invoice(ids["Promised"], "500.00", late=40)
        book.invoice(ids["Promised"], "7000", late=-3, currency="JPY")
        book.promise(ids["Promised"], item, "500.00", made=10, due=1)
        ids["Tasked"] = book.customer("Tasked", responsible_id=ana)
        book.task(ids["Tasked"], due=2)
        ids["Bäckerei Ümit"] = book.debtor(
            "Bäckerei Ümit", ("620.50", 30), ("620.00", 31), ("10.00", -5), responsible_id=ana
        )
        ids["Zeta"] = book.debtor("Zeta", ("300.00", 16), responsible_id=jan)
        book.invoice(ids["Zeta"], "900.00", late=16, currency="CHF", number="2026-0815")
        ids["Begun"] = book.customer("Begun")
        item = book.invoice(ids["Begun"], "80.00", late=20)
        book.call(ids["Begun"])
        book.promise(ids["Begun"], item, "80.00", made=0, due=-3)
        ids["Covered"] = book.debtor("Covered", ("90.00", 70))
        book.payment(ids["Covered"], "90.00")
        ids["Fresh"] = book.debtor("Fresh", ("15.00", 3), responsible_id=ana)
        ids["Coming"] = book.debtor("Coming", ("25.00", -1))
        ids["Settled"] = book.customer("Settled")
        ids["Later"] = book.debtor("Later", ("35.00", 50))
        book.later(ids["Later"], days=2)
    with books(site, company_id=site.company("Other Ltd")) as other:
        other.debtor("Bäckerei Ümit", ("999.00", 99))
    return ids


def _failed_delivery(company_id, customer_id):
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    return Delivery(
        company_id=company_id,
        customer_id=customer_id,
        key="follow-up:1:1:email",
        purpose="follow-up",
        channel="email",
        state="failed",
        facts={},
        message_id="1@acme.example",
        queued_by="Ana",
        queued_at=now,
        next_attempt_at=now,
    )


def names(page):
    return [entry.name for entry in page.entries]


def entry_of(page, name):
    return next(entry for entry in page.entries if entry.name == name)
