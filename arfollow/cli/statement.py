"""`arfollow statement`: what a customer owes, as lines, JSON or PDF."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from arfollow.cli.days import day_option
from arfollow.cli.ledger import company_option, open_ledger
from arfollow.receivables.queries.customers import find_customer
from arfollow.statements.letter import render_statement
from arfollow.statements.queries import correspondence
from arfollow.statements.rules import Block, Statement, StatementRow
from arfollow.values.money import plain


@click.command()
@click.argument("customer")
@day_option("--on", "As of this day instead of today.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: items, credits, totals.")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Write the statement as PDF.")
@company_option
def statement(
    *, customer: str, day: date | None, as_json: bool, pdf: Path | None, company: str | None
) -> None:
    """Print the account of CUSTOMER (its number). Items on hold are left out; their sum is told."""
    if as_json and pdf:
        raise click.UsageError("Choose --json or --pdf.")
    with open_ledger(company) as ledger:
        card = find_customer(ledger.session, company_id=ledger.company_id, number=customer)
        if card is None:
            raise click.UsageError(f"There is no customer {customer!r} in {ledger.company_name}.")
        facts = correspondence(
            ledger.session,
            company_id=ledger.company_id,
            customer_id=card.id,
            day=day or ledger.today,
            customer_hold_counts=False,
        ).facts
        if pdf:
            try:
                pdf.write_bytes(render_statement(facts))
            except OSError as error:
                raise click.ClickException(f"{pdf}: {error.strerror}") from None
            click.echo(f"Written to {pdf}")
            return
    for line in _json(facts.statement) if as_json else _lines(facts.statement):
        click.echo(line)


def _json(found: Statement) -> Iterator[str]:
    for block in found.blocks:
        for row in (*block.overdue, *block.not_due):
            yield json.dumps(_item(row, block.currency), ensure_ascii=False)
        for credit in block.credits:
            line = {
                "row": "credit",
                "currency": block.currency,
                "kind": credit.kind,
                "number": credit.number,
                "date": credit.date.isoformat(),
                "unapplied": plain(credit.left, block.currency),
            }
            yield json.dumps(line, ensure_ascii=False)
        yield json.dumps(_totals(block))


def _item(row: StatementRow, currency: str) -> dict[str, object]:
    return {
        "row": "item",
        "currency": currency,
        "invoice": row.invoice,
        "instalment": row.instalment,
        "date": row.invoice_date.isoformat(),
        "due_date": row.due_date.isoformat(),
        "reference": row.reference,
        "amount": plain(row.amount, currency),
        "paid": plain(row.paid, currency),
        "open": plain(row.open, currency),
        "disputed": plain(row.disputed, currency),
        "promised": plain(row.promised, currency),
        "days_late": row.days_late,
    }


def _totals(block: Block) -> dict[str, object]:
    amounts = {
        "overdue": block.overdue_open,
        "not_due": block.not_due_open,
        "unapplied": block.unapplied,
        "balance": block.balance,
        "held": block.held,
    }
    return {
        "row": "total",
        "currency": block.currency,
        **{name: plain(minor, block.currency) for name, minor in amounts.items()},
    }


def _lines(found: Statement) -> Iterator[str]:
    if not found.blocks:
        yield f"Nothing is open on {found.as_of}."
    for block in found.blocks:
        for row in (*block.overdue, *block.not_due):
            late = f"{row.days_late} d late" if row.days_late else "not due"
            amount = plain(row.open, block.currency)
            yield f"{block.currency}  {row.label:<20}  due {row.due_date}  {late:>12}  {amount:>16}"
        for name, label in _LABELS.items():
            amount = str(_totals(block)[name])
            if name == "balance" or amount.strip("0."):
                yield f"{block.currency}  {label:<52}  {amount:>16}"


_LABELS = {
    "overdue": "overdue",
    "not_due": "not yet due",
    "unapplied": "unapplied credit",
    "held": "on hold, left out",
    "balance": "balance",
}
