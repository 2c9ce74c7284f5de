"""For machines that look after this one: is the process alive, can it serve, what has it counted. No session, no cookie."""

from __future__ import annotations

from hmac import compare_digest

import structlog
from flask import Blueprint, Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from sqlalchemy.exc import SQLAlchemyError

from arfollow.access import Permission, needs
from arfollow.database import current_session, is_migrated
from arfollow.web.metrics import MEDIA_TYPE, exposition

log = structlog.get_logger(__name__)
blueprint = Blueprint("probes", __name__)


class SessionsOfPeople(SecureCookieSessionInterface):
    """Sessions for all but probes."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Give the browser its session, renewed; a probe gets none, whatever it sent."""
        if request.blueprint != blueprint.name:
            super().save_session(app, session, response)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Renew it with whole pages only: a part that is fetched beside a click would bring back the session from before the click."""
        headers = request.headers
        is_page = headers.get("Sec-Fetch-Dest", "document") == "document" and "HX-Request" not in headers
        return session.modified or (is_page and super().should_set_cookie(app, session))


@blueprint.get("/health")
@needs(Permission.PUBLIC)
def health() -> Response:
    """This process answers; it asks nobody else."""
    return _plain("ok")


@blueprint.get("/ready")
@needs(Permission.PUBLIC)
def ready() -> Response:
    """It can serve pages: the database is there, and its tables are those of this program."""
    try:
        migrated = is_migrated(current_session())
    except SQLAlchemyError as problem:
        log.warning("not ready", problem=type(problem).__name__)
        return _plain("The database cannot be reached.", status=503)
    return _plain("ok") if migrated else _plain("The database has to be brought up to date.", status=503)


@blueprint.get("/metrics")
@needs(Permission.PUBLIC)
def metrics() -> Response:
    """What Prometheus collects, for who knows the token; without one in the settings there is no such page."""
    token: str = current_app.config["SETTINGS"].metrics_token
    if not token:
        return _plain("There is no such page.", status=404)
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() != "bearer" or not compare_digest(given.encode(), token.encode()):
        response = _plain("Authorization: Bearer TOKEN", status=401)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    return Response(exposition(current_session()), content_type=MEDIA_TYPE)


def _plain(words: str, *, status: int = 200) -> Response:
    return Response(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
