"""`arfollow backup`: everything in one file, while all goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from arfollow import clock, config
from arfollow.backups.making import Made, make_backup
from arfollow.cli.bar import Bar
from arfollow.cli.ledger import open_database
from arfollow.fence.jobs import keep_count


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(*, file: Path) -> None:
    """Write database, documents, secret key and small files of the data folder into FILE (a zip), as of one moment.

    Nobody has to stop working. FILE is never replaced, and is there only when it is whole. Whoever can read it can read
    everything: keep it safe.
    """
    settings = config.from_environment()
    with open_database() as session, Bar("Backing up") as bar:
        try:
            made = make_backup(
                url=settings.database_url,
                data_dir=settings.data_dir,
                to=file,
                now=clock.now(),
                begin=bar.begin,
                progress=bar.advance,
            )
        except FileExistsError:
            raise click.UsageError(f"{file} is there already, and is not replaced.") from None
        except OSError as error:
            raise click.ClickException(f"{file}: {error.strerror}") from None
        session.rollback()
        # So that this moment's database file, put back beside what comes after it, is noticed.
        keep_count(session, every=timedelta(0))
    click.echo(_words(file, made))


def _words(file: Path, made: Made) -> str:
    manifest = made.manifest
    left_out = f" Not in it: {', '.join(made.left_out)}." if made.left_out else ""
    return (
        f"{file}: {manifest.rows} rows of {len(manifest.tables)} tables, {len(manifest.files)} files, "
        f"{made.size / 2**20:.1f} MiB.{left_out}"
    )
