"""`arfollow aging`: what all customers owe, by days past due."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from itertools import groupby

import click

from arfollow.cli.days import day_option
from arfollow.cli.ledger import company_option, open_ledger
from arfollow.followup.queries.company_aging import company_aging
from arfollow.receivables.queries.aging import AgingCell
from arfollow.values.money import plain


@click.command()
@day_option("--on", "As of this day instead of today.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@company_option
def aging(*, day: date | None, as_json: bool, company: str | None) -> None:
    """Print what is open by currency and days past due: settled on the day counts as paid."""
    with open_ledger(company) as ledger:
        cells = company_aging(
            ledger.session, company_id=ledger.company_id, day=day or ledger.today, today=ledger.today
        )
    for line in _json(cells) if as_json else _table(cells):
        click.echo(line)


def _json(cells: Sequence[AgingCell]) -> list[str]:
    return [
        json.dumps(
            {
                "currency": cell.currency,
                "bucket": cell.bucket,
                "items": cell.items,
                "amount": plain(cell.amount, cell.currency),
            }
        )
        for cell in cells
    ]


def _table(cells: Sequence[AgingCell]) -> list[str]:
    lines = []
    for currency, group in groupby(cells, lambda cell: cell.currency):
        rows = list(group)
        lines += [
            f"{currency}  {cell.bucket:>8}  {cell.items:>7}  {plain(cell.amount, currency):>18}"
            for cell in rows
        ]
        total, items = sum(cell.amount for cell in rows), sum(cell.items for cell in rows)
        lines.append(f"{currency}  {'total':>8}  {items:>7}  {plain(total, currency):>18}")
    return lines or ["Nothing is open."]
