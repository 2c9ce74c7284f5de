"""`arfollow serve`: the web application behind gunicorn."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from werkzeug.middleware.proxy_fix import ProxyFix

from arfollow import config
from arfollow.app import create_app
from arfollow.cli.ledger import open_database
from arfollow.database import commit, migrate
from arfollow.fence.operations import lets_through


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

    def load(self) -> Flask | ProxyFix:
        """The application, made in each worker process: database connections must not cross a fork."""
        app = create_app(self.settings)
        proxies = self.settings.trusted_proxies
        return ProxyFix(app, x_for=proxies, x_proto=proxies, x_host=proxies) if proxies else app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1), help="Processes.")
@click.option(
    "--threads", default=4, show_default=True, type=click.IntRange(1), help="Threads in each process."
)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Bring the database up to date, and serve the web application."""
    settings = config.from_environment()
    migrate(settings.database_url)
    with open_database(writing=True) as session:
        # Before anything can be queued, so that no copy of this database is ever taken for a new one.
        lets_through(session)
        commit(session)
    click.echo(f"Serving on http://{host}:{port}", err=True)
    options = {
        "bind": f"{host}:{port}",
        "worker_class": "gthread",
        "workers": workers,
        "threads": threads,
        "timeout": 120,
        "graceful_timeout": 20,
        "keepalive": 5,
        "control_socket_disable": True,
        "loglevel": "warning",
        "proc_name": "arfollow",
    }
    _Server(settings, options).run()
