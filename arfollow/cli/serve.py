"""`arfollow serve`: the web application behind gunicorn."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from werkzeug.middleware.proxy_fix import ProxyFix

from arfollow import config
from arfollow.logs import configure_logs

_LAST_PORT = 65535


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn publishes no types
    """gunicorn, configured by us and not by files or the command line."""

    def __init__(self, settings: config.Settings, options: dict[str, Any]) -> None:
        self.settings = settings
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take over our options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in each worker process: database connections must not cross a fork."""
        from arfollow.app import create_app

        app = create_app(self.settings)
        proxies = self.settings.trusted_proxies
        return ProxyFix(app, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else app


class _Log(Logger):  # type: ignore[misc]  # gunicorn publishes no types
    """gunicorn's own lines, in the form of all others."""

    def setup(self, cfg: Any) -> None:
        """Leave them to the process's log."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=5000,
    show_default=True,
    show_envvar=True,
    envvar="PORT",
    type=click.IntRange(1, _LAST_PORT),
    help="Port to listen on.",
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option(
    "--threads", default=4, show_default=True, type=click.IntRange(1), help="Threads in each process."
)
@click.option("--check", is_flag=True, help="Only try whether the address is free.")
def serve(*, host: str, port: int, workers: int, threads: int, check: bool) -> None:
    """Bring the database up to date, and serve the web application."""
    # Before anything that takes long: nobody waits for a server that cannot come.
    _check_free(host, port)
    if check:
        return
    configure_logs()
    settings = config.from_environment()
    # A thread that waits for a connection serves nobody.
    size = max(settings.connections.pool_size, threads)
    settings = replace(settings, connections=replace(settings.connections, pool_size=size))
    options = {
        "bind": f"{host}:{port}",
        "worker_class": "gthread",
        "workers": workers,
        "threads": threads,
        "timeout": 120,
        "graceful_timeout": 20,
        "keepalive": 5,
        "control_socket_disable": True,
        "logger_class": _Log,
        "loglevel": "warning",
        "proc_name": "arfollow",
        "when_ready": lambda _server: click.echo(f"Serving on http://{host}:{port}", err=True),
    }
    with _common_counts(settings):
        _prepare(settings)
        _Server(settings, options).run()


def _check_free(host: str, port: int) -> None:
    """Raise click.ClickException when nobody can listen there."""
    try:
        family, _kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        why = (error.strerror or str(error)).rstrip(".")
        raise click.ClickException(
            f"Nothing can be served on {host}:{port}: {why}. "
            f"Take another port, such as --port {port % _LAST_PORT + 1} or PORT={port % _LAST_PORT + 1}."
        ) from None


def _prepare(settings: config.Settings) -> None:
    from arfollow.cli.ledger import open_database
    from arfollow.database import commit, migrate
    from arfollow.fence.operations import lets_through

    migrate(settings.database_url)
    with open_database(writing=True) as session:
        # Before anything can be queued, so that no copy of this database is ever taken for a new one.
        lets_through(session)
        commit(session)


@contextmanager
def _common_counts(settings: config.Settings) -> Iterator[None]:
    """A new folder in which the processes of this server add up what they count, if anybody may ask for it."""
    if not settings.metrics_token:
        yield
        return
    owner, folder = os.getpid(), tempfile.mkdtemp(prefix="arfollow-metrics-")
    # prometheus_client reads it when it is imported: the application is imported after this.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    try:
        yield
    finally:
        # The processes that gunicorn forks leave through here as well.
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)
