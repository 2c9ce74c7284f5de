"""`arfollow demo`: a made-up company to try everything on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
import structlog
from flask import current_app
from sqlalchemy.orm import Session

from arfollow import clock, config
from arfollow.cli.ledger import open_database
from arfollow.companies.queries import company_names
from arfollow.config import Settings
from arfollow.database import current_session, migrate
from arfollow.delivery.ways import open_channels
from arfollow.demo.company import write_accounts
from arfollow.demo.play import DAYS, play_demo


@click.command()
def demo() -> None:
    """Play six months of a made-up company into an empty ledger, for trying things out.

    Its mail goes to ARFOLLOW_MAIL_URL, by default a folder; all its addresses end in example.com.
    """
    settings = config.from_environment()
    if not settings.mail_url.startswith("file:"):
        raise click.UsageError("The demo sends mail to files only: leave ARFOLLOW_MAIL_URL unset.")
    if settings.texts.url and not settings.texts.url.startswith("file:"):
        raise click.UsageError("The demo sends text messages to files only: leave ARFOLLOW_SMS_URL unset.")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    migrate(settings.database_url)
    with open_database() as session:
        if company_names(session):
            raise click.UsageError("There is a ledger in this database already; the demo needs an empty one.")
        with click.progressbar(length=DAYS + 1, label="Playing six months") as bar:
            shown = play_demo(
                session,
                sessions=_sessions,
                channel=open_channels(_with_texts(current_app.config["SETTINGS"])),
                today=clock.today("Europe/Berlin"),
                progress=lambda _day: bar.update(1),
            )
    write_accounts(settings.data_dir / "demo", shown)
    click.echo("The demo is ready. Whom to sign in as is shown on the sign-in page.")


def _with_texts(settings: Settings) -> Settings:
    """Text messages go to a folder, too, as they will once the demo is there."""
    if settings.texts.url:
        return settings
    folder = (settings.data_dir / "texts").as_uri()
    return replace(settings, texts=replace(settings.texts, url=folder))


@contextmanager
def _sessions() -> Iterator[Session]:
    """A fresh session for each piece of the worker's work."""
    with current_app.app_context():
        yield current_session()
