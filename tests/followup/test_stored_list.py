"""The stored list says what the pure rules say, over random ledgers and days."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from arfollow.companies.tables import Company
from arfollow.database import on_refresh
from arfollow.followup.operations.refresh import refresh_touched
from arfollow.followup.queries.company_aging import company_aging
from arfollow.followup.queries.facts import facts_of
from arfollow.followup.queries.miscounted import misadded_dues, miscounted
from arfollow.followup.rules import listing
from arfollow.followup.simulation.parsing import parse
from arfollow.followup.simulation.play import play
from arfollow.followup.tables import ListAmount, ListFigure
from arfollow.levels.rules.explaining import explain
from arfollow.receivables.queries.accounts import accounts, next_ledger_days
from arfollow.receivables.queries.aging import aging
from arfollow.receivables.rules.aging import bucket, buckets
from tests.followup.ledgers import Ledger, opened
from tests.followup.scenarios import FIRST, scenarios

RANDOM = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


def test_working_the_list_gives_the_lines_of_the_simulation(engine_url, tmp_path):
    with opened(engine_url, tmp_path) as session:

        @RANDOM
        @given(scenarios())
        def holds(scenario):
            expected = [_short(line) for line in play(parse(scenario))]

            lines = list(Ledger(session, scenario).play())

            # Cash to apply lists a customer too, which the simulation leaves out of `next`.
            known = slice(None) if not scenario["payments"] else slice(-1)
            assert [_compared(line)[known] for line in lines] == [_compared(line)[known] for line in expected]

        holds()


def _short(line):
    items = sorted((item["invoice"], item["to"]) for item in line["items"])
    return {key: line[key] for key in ("date", "customer", "level", "reason", "actions", "next")} | {
        "items": items
    }


def _compared(line):
    after = str(line["next"]) if line["next"] else None
    return (
        line["date"],
        line["customer"],
        line["level"],
        line["reason"],
        line["actions"],
        line["items"],
        after,
    )


def test_rows_refreshed_only_when_they_change_equal_rows_made_anew(engine_url, tmp_path):
    with opened(engine_url, tmp_path) as session:

        @RANDOM
        @given(scenarios())
        def holds(scenario):
            ledger = Ledger(session, scenario)
            for _ in ledger.play():
                pass

            for offset in (71, 72, 75, 80, 90, 110):
                day = FIRST + timedelta(days=offset)
                ledger.refresh(day)
                assert [_stored(row) for row, _ in ledger.rows()] == _anew(session, ledger, day)
                assert _figures(session, ledger) == _counted(session, ledger)
                assert miscounted(session, company_id=ledger.company_id) == []
                assert misadded_dues(session, company_id=ledger.company_id) == []
                assert _aging(session, ledger, day) == _aging_by_the_rules(session, ledger, day)

        holds()


def _aging(session, ledger, day):
    """As the list has added it up, which has to be what the ledger adds up to."""
    of_list = company_aging(session, company_id=ledger.company_id, day=day, today=day)
    assert of_list == aging(session, company_id=ledger.company_id, day=day)
    return {(cell.currency, cell.bucket): (cell.items, cell.amount) for cell in of_list if cell.items}


def _aging_by_the_rules(session, ledger, day):
    borders = session.get_one(Company, ledger.company_id).bucket_days
    ids = [row.customer_id for row, _ in ledger.rows()]
    cells = {}
    for account in accounts(session, customer_ids=ids, day=day).values():
        for item in account.items:
            cell = (item.currency, buckets(borders)[bucket((day - item.due_date).days, borders)])
            items, amount = cells.get(cell, (0, 0))
            cells[cell] = (items + 1, amount + item.residual)
    return cells


def _figures(session, ledger):
    kept = session.scalars(select(ListFigure).where(ListFigure.company_id == ledger.company_id))
    return {
        (
            each.currency,
            each.status,
            each.band,
            each.has_overdue,
            each.level_id,
            each.responsible_id,
        ): (each.customers, each.overdue)
        for each in kept.all()
        if each.customers or each.overdue
    }


def _counted(session, ledger):
    """The same figures, row by row from the list."""
    figures = {}
    for row, _ in ledger.rows():
        of_customer = select(ListAmount).where(ListAmount.customer_id == row.customer_id)
        owed = {each.currency: each.overdue for each in session.scalars(of_customer)}
        for currency, overdue in {"": 0, **owed}.items():
            alike = (row.status, row.band, row.has_overdue, row.level_id or 0, row.responsible_id or 0)
            customers, sum_ = figures.get((currency, *alike), (0, 0))
            figures[(currency, *alike)] = (customers + 1, sum_ + overdue)
    return figures


def _stored(row):
    return (
        row.customer_id,
        row.status,
        row.reason,
        row.band,
        row.level_id,
        row.actions,
        row.follow_up_on,
        row.oldest_due_on,
    )


def _anew(session, ledger, day):
    ids = [row.customer_id for row, _ in ledger.rows()]
    known = facts_of(session, company_id=ledger.company_id, customer_ids=ids, day=day)
    later = next_ledger_days(session, customer_ids=ids, after=day)
    rows = []
    for customer_id in ids:
        facts = known[customer_id]
        row = listing(facts, explain(facts, day), day=day, ledger_day=later.get(customer_id))
        rows.append(
            (
                customer_id,
                row.status.value,
                row.code.value,
                row.band.value,
                row.level_id,
                list(row.actions),
                row.follow_up_on,
                row.oldest_due_on,
            )
        )
    return rows


on_refresh(refresh_touched)
