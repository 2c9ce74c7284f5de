"""Assembles the web application: settings, database, subjects."""

from __future__ import annotations

from flask import Flask, request

from arfollow import config
from arfollow.database import begin_write, current_session, db, engine_options, engine_url

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application for these settings (default: the environment's). The database must have been migrated."""
    settings = settings or config.from_environment()
    app = Flask("arfollow")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=engine_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    )
    db.init_app(app)
    app.before_request(_begin_write_unless_reading)
    return app


def _begin_write_unless_reading() -> None:
    """Before anything is read: on SQLite a transaction that began reading cannot start to write."""
    if request.method not in _READING:
        begin_write(current_session())
