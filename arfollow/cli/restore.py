"""`arfollow restore`: a backup into an empty database."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from arfollow import config
from arfollow.backups import rules
from arfollow.backups.loading import RefusedRowsError
from arfollow.backups.restoring import (
    NotEmptyError,
    OtherRevisionError,
    ReadsDifferentlyError,
    Restored,
    restore_backup,
)
from arfollow.cli.bar import Bar


class LogNotIntactError(click.ClickException):
    """Everything was restored, but the log that was backed up is not whole."""

    def __init__(self) -> None:
        super().__init__("Restored, but the log is not whole. See: arfollow chatter verify")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(*, file: Path) -> None:
    """Load the backup FILE into an empty database, of SQLite or PostgreSQL, whichever made it; read it back, verify its log.

    Nothing is sent from it until: arfollow fence confirm --reason …. All or nothing: one that was interrupted is begun again.
    """
    settings = config.from_environment()
    with Bar("Restoring") as bar:
        try:
            restored = restore_backup(
                path=file,
                url=settings.database_url,
                data_dir=settings.data_dir,
                begin=bar.begin,
                progress=bar.advance,
            )
        except (rules.NotABackupError, rules.OtherFormatError, rules.DamagedBackupError) as problem:
            raise click.UsageError(f"{file}: {problem}") from None
        except (RefusedRowsError, ReadsDifferentlyError) as problem:
            raise click.ClickException(str(problem)) from None
        except (NotEmptyError, OtherRevisionError) as problem:
            raise click.UsageError(str(problem)) from None
        except OSError as error:
            raise click.ClickException(f"{error.filename or file}: {error.strerror}") from None
        except DBAPIError as error:
            raise click.ClickException(f"Nothing was restored: {error.orig}") from None
    click.echo(_words(restored))
    if not restored.is_intact:
        raise LogNotIntactError


def _words(restored: Restored) -> str:
    manifest = restored.manifest
    entries = sum(report.entries for report in restored.reports)
    lines = [
        f"Restored {manifest.rows} rows as of {manifest.made_at:%Y-%m-%d %H:%M} UTC.",
        f"The log: {entries} entries, {'whole' if restored.is_intact else 'NOT WHOLE'}.",
        *(f"Kept {name}: there was another one in the data folder." for name in restored.kept),
        "Nothing is sent from here until an administrator confirms that this is the live system: arfollow fence",
    ]
    return "\n".join(lines)
