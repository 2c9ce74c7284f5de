"""`arfollow fence`: whether messages leave this system, and who says so."""

from __future__ import annotations

import click
from flask_babel import force_locale
from sqlalchemy.orm import Session

from arfollow.chatter.operations import SYSTEM
from arfollow.cli.ledger import open_database
from arfollow.database import begin_write, commit
from arfollow.delivery.queries.waiting import count_waiting
from arfollow.fence import operations
from arfollow.fence.queries import Standing, standing
from arfollow.fence.rules import Reason
from arfollow.fence.words import explanation

_reason = click.option("--reason", required=True, help="Why; it goes into every company's chatter.")


@click.group(invoke_without_command=True)
@click.pass_context
def fence(context: click.Context) -> None:
    """Show whether messages are sent from here: not after a restore or a copy, until somebody confirms."""
    if context.invoked_subcommand is None:
        with open_database(writing=True) as session:
            operations.lets_through(session)
            commit(session)
            begin_write(session)
            known = standing(session)
            if known is not None:
                click.echo(_words(session, known))


@fence.command("confirm")
@_reason
def confirm_command(*, reason: str) -> None:
    """Vouch for this database as the live system: whatever waits is sent."""
    with open_database(writing=True) as session:
        waiting = count_waiting(session)
        try:
            operations.confirm(session, reason=reason, who=SYSTEM)
        except operations.FenceOpenError as problem:
            raise click.UsageError(str(problem)) from None
        commit(session)
    click.echo(f"Messages are sent again from here; {waiting} were waiting.")


@fence.command("close")
@_reason
def close_command(*, reason: str) -> None:
    """Hold all messages back, before a machine is cloned or rolled back: nothing could notice that."""
    with open_database(writing=True) as session:
        try:
            operations.close(session, because=Reason.BY_HAND, text=f"Sending stopped: {reason}")
        except operations.FenceClosedError as problem:
            raise click.UsageError(str(problem)) from None
        commit(session)
    click.echo("Nothing is sent from here until: arfollow fence confirm --reason …")


def _words(session: Session, known: Standing) -> str:
    if known.closed_because is None:
        by = f" by {known.confirmed_by}" if known.confirmed_by else ""
        return (
            f"Messages are sent from here. Confirmed {known.confirmed_at:%Y-%m-%d %H:%M} UTC{by}: "
            f"{known.confirmed_because}"
        )
    with force_locale("en"):
        why = explanation(known.closed_because)
    made = f" The backup was made {known.backed_up_at:%Y-%m-%d %H:%M} UTC." if known.backed_up_at else ""
    return (
        f"NOTHING IS SENT since {known.closed_at:%Y-%m-%d %H:%M} UTC. {why}{made}\n"
        f"{count_waiting(session)} messages wait. Each that was queued before may have been sent by the original: compare\n"
        "with the mail server's log, and take back what has left (Settings, Sending). If the original is switched off:\n"
        "  arfollow fence confirm --reason …"
    )
