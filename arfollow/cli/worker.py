"""`arfollow worker`: sends what is queued, and keeps the stored list fresh."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import click
import structlog
from flask import current_app
from sqlalchemy.orm import Session

from arfollow.cli.ledger import open_database
from arfollow.database import current_session
from arfollow.delivery.channel import BadMailUrlError
from arfollow.delivery.mail_url import open_mail_channel
from arfollow.delivery.worker import Worker

log = structlog.get_logger(__name__)


@click.command()
@click.option("--once", is_flag=True, help="Send what is due now, then end.")
@click.option(
    "--interval",
    type=click.FloatRange(min=0.1),
    default=2,
    show_default=True,
    help="Seconds between two looks at the queue.",
)
def worker(*, once: bool, interval: float) -> None:
    """Send queued messages and keep the list up to date, until stopped (SIGTERM or Ctrl-C)."""
    _log_to_stderr()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with open_database() as session:
        session.close()
        mail_url = current_app.config["SETTINGS"].mail_url
        try:
            channel = open_mail_channel(mail_url)
        except BadMailUrlError as problem:
            raise click.UsageError(str(problem)) from None
        log.info("working", channel=type(channel).__name__)
        working = Worker(sessions=_sessions, channel=channel, stop=stop)
        if once:
            working.run_once()
        else:
            working.run(interval=interval)


@contextmanager
def _sessions() -> Iterator[Session]:
    # A context of its own for each unit of work: its session is closed at the end.
    with current_app.app_context():
        yield current_session()


def _log_to_stderr() -> None:
    # Plain tracebacks: the others print local variables, addresses and passwords among them.
    renderer = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            structlog.processors.TimeStamper(fmt="iso"),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
