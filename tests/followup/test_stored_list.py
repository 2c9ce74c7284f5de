"""The stored list says what the pure rules say, over random ledgers and days."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings

from arfollow.database import on_refresh
from arfollow.followup.operations.refresh import refresh_touched
from arfollow.followup.queries.facts import facts_of
from arfollow.followup.rules import listing
from arfollow.followup.simulation.parsing import parse
from arfollow.followup.simulation.play import play
from arfollow.levels.rules.explaining import explain
from arfollow.receivables.queries.accounts import next_ledger_days
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

        holds()


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
