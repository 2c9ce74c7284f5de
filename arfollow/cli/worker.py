"""`arfollow worker`: sends what is queued, and keeps the stored list fresh."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import click
import structlog
from flask import current_app
from prometheus_client import start_http_server
from sqlalchemy.orm import Session

from arfollow.cli.ledger import open_database
from arfollow.database import current_session
from arfollow.delivery.channel import BadMailUrlError
from arfollow.delivery.sms import BadGatewayError
from arfollow.delivery.ways import open_channels
from arfollow.delivery.worker import Worker
from arfollow.logs import configure_logs

log = structlog.get_logger(__name__)

_PORTS = 2**16


def _address(_context: click.Context, _option: click.Parameter, text: str | None) -> tuple[str, int] | None:
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    if not (host and port.isdecimal() and int(port) < _PORTS):
        raise click.BadParameter("Give HOST:PORT, such as 127.0.0.1:9100.")
    return host.strip("[]"), int(port)


@click.command()
@click.option("--once", is_flag=True, help="Send what is due now, then end.")
@click.option(
    "--interval",
    type=click.FloatRange(min=0.1),
    default=2,
    show_default=True,
    help="Seconds between two looks at the queue.",
)
@click.option(
    "--metrics",
    metavar="HOST:PORT",
    callback=_address,
    help="Where to show metrics to Prometheus; to anybody who reaches it.",
)
def worker(*, once: bool, interval: float, metrics: tuple[str, int] | None) -> None:
    """Send queued messages and keep the list up to date, until stopped (SIGTERM or Ctrl-C)."""
    configure_logs()
    if metrics:
        _show_metrics(metrics)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with open_database() as session:
        session.close()
        try:
            channel = open_channels(current_app.config["SETTINGS"])
        except (BadMailUrlError, BadGatewayError) as problem:
            raise click.UsageError(str(problem)) from None
        log.info("working", **{name: type(way).__name__ for name, way in channel.ways.items()})
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


def _show_metrics(address: tuple[str, int]) -> None:
    host, port = address
    try:
        start_http_server(port, addr=host)
    except OSError as error:
        raise click.UsageError(f"--metrics {host}:{port}: {error.strerror}") from None
