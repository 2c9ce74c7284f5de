"""`arfollow customers`: erases what is known of a customer."""

from __future__ import annotations

import click
from sqlalchemy import select

from arfollow.chatter.operations import SYSTEM
from arfollow.cli.ledger import Ledger, company_option, open_ledger
from arfollow.database import checkpoint, commit
from arfollow.followup.operations.erasing import (
    LeavingNowError,
    Plan,
    StillOpenError,
    WrongWordsError,
    erase,
    plan,
)
from arfollow.receivables.operations.lookup import MissingTextError
from arfollow.receivables.tables import Customer


@click.group()
def customers() -> None:
    """The customers of a company."""


@customers.command("erase")
@click.argument("number")
@click.option("--reason", required=True, help="Why; it stays in the log, so it names nobody.")
@click.option(
    "--words", default="", help="What the command asks to be written; without it nothing is erased."
)
@company_option
def erase_command(*, number: str, reason: str, words: str, company: str | None) -> None:
    """Erase a customer's personal data, texts and documents, for good. Without --words it only says what would go.

    Its number and its money stay, and the log stays whole: what is gone verifies as erased by the entry that says why.
    """
    with open_ledger(company, writing=bool(words)) as ledger:
        customer_id = _customer_id(ledger, number)
        where = {"company_id": ledger.company_id, "customer_id": customer_id}
        if not words:
            _tell(plan(ledger.session, **where, day=ledger.today))
            return
        try:
            erased = erase(
                ledger.session, **where, reason=reason, words=words, who=SYSTEM, today=ledger.today
            )
        except (StillOpenError, WrongWordsError, MissingTextError) as error:
            raise click.UsageError(str(error)) from None
        except LeavingNowError as error:
            raise click.ClickException(str(error)) from None
        commit(ledger.session)
        checkpoint(ledger.session)
    click.echo(
        f"{number} is erased: {erased.entries} entries and {erased.documents} documents of the log among it."
    )


def _customer_id(ledger: Ledger, number: str) -> int:
    own = select(Customer.id).where(Customer.company_id == ledger.company_id, Customer.number == number)
    found = ledger.session.scalar(own)
    if found is None:
        raise click.UsageError(f"There is no customer {number} in this company.")
    return found


def _tell(planned: Plan) -> None:
    click.echo(f"{planned.number} {planned.name}: nothing is erased yet. This would go, for good:")
    click.echo("  name, address, e-mail and telephone; all references, reasons and notes")
    for count, what in (
        (planned.contacts, "contacts"),
        (planned.tasks, "texts of tasks"),
        (planned.deliveries, "recipients of messages"),
        (planned.entries, "texts in the log"),
        (planned.documents, "letters and mails"),
    ):
        click.echo(f"  {count} {what}")
    if planned.kept:
        click.echo(f"{planned.kept} documents stay: another customer has them, too.")
    for money in planned.open:
        click.echo(f"Still open: {money.currency} {money}")
    for money in planned.credit:
        click.echo(f"Not yet applied: {money.currency} {money}")
    if planned.waiting:
        click.echo(f"{planned.waiting} messages are on their way.")
    click.echo(f'To erase it, add: --words "{planned.words}"')
