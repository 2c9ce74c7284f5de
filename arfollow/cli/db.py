"""`arfollow db`: the database that the ledger lives in."""

from __future__ import annotations

import click
from sqlalchemy.exc import DBAPIError

from arfollow import clock, config
from arfollow.backups.loading import RefusedRowsError
from arfollow.backups.moving import SameDatabaseError, UnreachableError, WorkedMeanwhileError, move_ledger
from arfollow.backups.restoring import NotEmptyError, OtherRevisionError, ReadsDifferentlyError, Restored
from arfollow.cli.bar import Bar
from arfollow.cli.ledger import open_database

_STAYS = (
    "Nothing is lost: the old database is as it was. It sends again after: arfollow fence confirm --reason …"
)


@click.group()
def db() -> None:
    """Move the ledger to another database."""


@db.command("move")
@click.argument("url")
def move_command(*, url: str) -> None:
    """Copy the whole ledger into the empty database of URL (postgresql://user@host/name), and prove that nothing was lost.

    Stop the web application and the worker first. Every row is read back and the log verified; the old database stays, and sends
    nothing any more.
    """
    settings = config.from_environment()
    with open_database() as session, Bar("Moving") as bar:
        try:
            moved = move_ledger(
                session,
                url=settings.database_url,
                to=url,
                data_dir=settings.data_dir,
                now=clock.now(),
                begin=bar.begin,
                progress=bar.advance,
            )
        except (SameDatabaseError, UnreachableError) as problem:
            raise click.UsageError(str(problem)) from None
        except (NotEmptyError, OtherRevisionError) as problem:
            raise click.UsageError(f"{problem}\n{_STAYS}") from None
        except (RefusedRowsError, ReadsDifferentlyError, WorkedMeanwhileError) as problem:
            raise click.ClickException(f"{problem}\n{_STAYS}") from None
        except OSError as error:
            raise click.ClickException(f"{error.filename}: {error.strerror}\n{_STAYS}") from None
        except DBAPIError as error:
            raise click.ClickException(f"Nothing was moved: {error.orig}\n{_STAYS}") from None
    click.echo(_words(moved))
    if not moved.is_intact:
        raise click.ClickException("Moved, but the log is not whole. See: arfollow chatter verify")


def _words(moved: Restored) -> str:
    entries = sum(report.entries for report in moved.reports)
    lines = [
        f"Moved {moved.manifest.rows:,} rows of {len(moved.manifest.tables)} tables; each was read back and is the same.",
        f"The log: {entries:,} entries, {'whole' if moved.is_intact else 'NOT WHOLE'}.",
        "Now let ARFOLLOW_DATABASE_URL name the new database, and confirm there: arfollow fence confirm --reason …",
        "From the old one nothing is sent any more.",
    ]
    return "\n".join(lines)
