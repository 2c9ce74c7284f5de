"""`arfollow check`: the stored list against the rules, its figures against its rows."""

from __future__ import annotations

import click

from arfollow.cli.bar import Bar
from arfollow.cli.ledger import company_option, open_ledger
from arfollow.followup.jobs import bring_up_to_date
from arfollow.followup.operations.checking import check_figures, check_list, count_customers

_MOST = 50


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what differs; nothing is changed.")
@company_option
def check(*, dry_run: bool, company: str | None) -> None:
    """Compare each customer's row of the stored list with what the rules say, and put right what differs;
    then the figures above the list with what its rows add up to.

    Exit code 1 when anything differs that was not put right.
    """
    with open_ledger(company) as ledger, Bar("Comparing") as bar:
        session = ledger.session
        bring_up_to_date(session, waits=True)
        customers = count_customers(session, company_id=ledger.company_id)
        bar.begin(customers)
        wrong: dict[str, int] = {}
        for each in check_list(
            session,
            company_id=ledger.company_id,
            today=ledger.today,
            repair=not dry_run,
            progress=bar.advance,
        ):
            wrong[each.customer] = wrong.get(each.customer, 0) + 1
            if sum(wrong.values()) <= _MOST:
                click.echo(f"{each.customer}: {each.name} is {each.stored}, by the rules {each.right}")
        figures = check_figures(session, company_id=ledger.company_id, repair=not dry_run)
    if not wrong and not figures:
        click.echo(f"{customers:,} customers: the list is as the rules say.")
        return
    after = "" if dry_run else "; they were put right"
    if wrong:
        click.echo(f"{len(wrong):,} of {customers:,} customers differed{after}.")
    if figures:
        click.echo(f"{figures:,} figures of the list were not what its rows add up to{after}.")
    if dry_run:
        raise SystemExit(1)
