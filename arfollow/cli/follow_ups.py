"""`arfollow follow-ups`: whom to contact."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

import click
from flask_babel import force_locale

from arfollow.cli.columns import in_columns
from arfollow.cli.days import day_option
from arfollow.cli.ledger import company_option, open_ledger
from arfollow.followup.jobs import bring_up_to_date
from arfollow.followup.queries.on_a_day import ListedCustomer, listed_on
from arfollow.followup.words import contact_name, reason_name
from arfollow.values.money import Money, totals

_HEADINGS = (
    "customer",
    "name",
    "reason",
    "level",
    "actions",
    "overdue",
    "due",
    "oldest",
    "back on",
    "responsible",
)
_FIGURES = (5, 6, 7)


@click.command("follow-ups")
@day_option("--on", "Another day than today: what the rules say for it by what is known now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@company_option
def follow_ups(*, day: date | None, as_json: bool, company: str | None) -> None:
    """Print who is on the list, the most urgent first; the list is brought up to date before."""
    with open_ledger(company) as ledger, force_locale("en"):
        bring_up_to_date(ledger.session, waits=True)
        wanted = day or ledger.today
        listed = listed_on(ledger.session, company_id=ledger.company_id, day=wanted, today=ledger.today)
        for line in _json(listed, wanted) if as_json else _text(listed, wanted):
            click.echo(line)


def _json(listed: Sequence[ListedCustomer], day: date) -> Iterator[str]:
    for each in listed:
        line = {
            "date": day.isoformat(),
            "customer": each.number,
            "name": each.name,
            "reason": each.reason.value,
            "band": each.band.name.lower(),
            "level": each.level,
            "actions": list(each.actions),
            "overdue": _by_currency(each.overdue),
            "due": _by_currency(each.total),
            "oldest_days": _days_late(each, day),
            "next": each.next_on.isoformat() if each.next_on else None,
            "responsible": each.responsible or None,
        }
        yield json.dumps(line, ensure_ascii=False)


def _text(listed: Sequence[ListedCustomer], day: date) -> Iterator[str]:
    if not listed:
        yield f"Nothing to do on {day.isoformat()}."
        return
    rows = [_HEADINGS, *(_row(each, day) for each in listed)]
    yield from in_columns(rows, right=_FIGURES)
    overdue = totals(money for each in listed for money in each.overdue)
    amounts = ", ".join(f"{currency} {Money(currency, minor)}" for currency, minor in overdue.items())
    customers = "1 customer" if len(listed) == 1 else f"{len(listed)} customers"
    yield f"{customers} on {day.isoformat()}; overdue: {amounts or 'nothing'}"


def _row(each: ListedCustomer, day: date) -> tuple[str, ...]:
    return (
        each.number,
        each.name,
        reason_name(each.reason),
        each.level or "",
        ", ".join(contact_name(action) for action in each.actions),
        _amounts(each.overdue),
        _amounts(each.total),
        f"{late} d" if (late := _days_late(each, day)) else "",
        each.next_on.isoformat() if each.next_on else "",
        each.responsible,
    )


def _amounts(amounts: Sequence[Money]) -> str:
    return ", ".join(f"{money.currency} {money}" for money in amounts)


def _by_currency(amounts: Sequence[Money]) -> dict[str, str]:
    return {money.currency: str(money) for money in amounts}


def _days_late(each: ListedCustomer, day: date) -> int:
    """Days past due of the oldest open item; 0 when nothing is overdue."""
    return max(0, (day - each.oldest_due_on).days) if each.oldest_due_on else 0
