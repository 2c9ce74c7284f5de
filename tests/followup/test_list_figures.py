"""The figures beside the list, while several people change its rows at once."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from arfollow.followup.operations.refresh import mark_stale
from arfollow.followup.queries.miscounted import misadded_dues, miscounted
from arfollow.followup.tables import ListDue, ListFigure, ListRow
from tests.factories import TODAY, Books, books, standing_still


def off(session, company_id):
    return [
        *miscounted(session, company_id=company_id),
        *misadded_dues(session, company_id=company_id),
    ]


def test_people_who_work_at_once_lose_nothing_of_each_others_figures(site):
    with books(site) as book:
        ids = [book.debtor(f"Known {number}", ("100.00", 20)) for number in range(8)]

    def work(customer_id):
        with site.writing() as session:
            own = Books(session, site.company_id, TODAY)
            own.call(customer_id)
            own.debtor(f"New beside {customer_id}", ("10.00", 20))

    with standing_still(), ThreadPoolExecutor(4) as pool:
        list(pool.map(work, ids))

    with site.reading() as session:
        of_company = ListFigure.company_id == site.company_id
        customers = session.scalar(
            select(func.sum(ListFigure.customers)).where(of_company, ListFigure.currency == "")
        )
        assert (customers, off(session, site.company_id)) == (16, [])


def test_a_customer_whose_row_is_left_to_the_worker_is_counted_once(site):
    with site.writing() as session:
        customer_id = Books(session, site.company_id, TODAY).customer("Imported")
        session.flush()
        mark_stale(session, customer_ids=[customer_id])
        mark_stale(session, customer_ids=[customer_id])

    with site.reading() as session:
        assert session.scalars(select(ListRow.customer_id)).all() == [customer_id]
        assert off(session, site.company_id) == []


def test_dues_are_kept_by_day_and_currency(site):
    with books(site) as book:
        customer = book.debtor("Debtor", ("100.00", 20), ("50.00", 20), ("7.00", -3))
        book.invoice(customer, "9.00", late=20, currency="CHF")
        book.payment(customer, "30.00")

    with site.reading() as session:
        kept = session.scalars(select(ListDue).order_by(ListDue.currency, ListDue.due_date)).all()
        assert [(due.currency, (TODAY - due.due_date).days, due.items, due.amount) for due in kept] == [
            ("CHF", 20, 1, 900),
            ("EUR", 20, 2, 15000),
            ("EUR", -3, 1, 700),
        ]
