"""Flask, and around each request what must be there whatever happens in it: it is observed, and run again when it was overtaken."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from time import sleep
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, request

from arfollow.database import current_session, has_committed, is_overtaken, pauses
from arfollow.web.observing import RUN_AGAIN, endpoint_of, observe
from arfollow.web.probes import SessionsOfPeople
from arfollow.web.routing import LateRule

log = structlog.get_logger(__name__)

_MAY_RUN_AGAIN = "arfollow.may_run_again"
_LARGEST_FORM = 2**20
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class _OvertakenError(Exception):
    """The request's transaction was undone for another one's sake, and nothing of it remains."""


class Application(Flask):
    """The web application."""

    url_rule_class = LateRule
    session_interface = SessionsOfPeople()

    def wsgi_app(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        behind_proxy = self.config["SETTINGS"].trusted_proxies > 0
        return observe(self._answer, environ, start_response, behind_proxy=behind_proxy)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Run the request, and again from its beginning when PostgreSQL has undone it: with a session and a form of its own."""
        body = _body(environ)
        if body is None:
            return super().wsgi_app(environ, start_response)
        for pause in pauses():
            environ |= {"wsgi.input": BytesIO(body), _MAY_RUN_AGAIN: True}
            try:
                return super().wsgi_app(environ, start_response)
            except _OvertakenError:
                RUN_AGAIN.labels(endpoint=endpoint_of(environ)).inc()
                log.warning("overtaken, run again")
                sleep(pause)
        environ |= {"wsgi.input": BytesIO(body), _MAY_RUN_AGAIN: False}
        return super().wsgi_app(environ, start_response)

    def handle_exception(self, e: Exception) -> Response:
        """Answer a failure in words, unless the request may be run again: nothing was answered, nothing committed."""
        may = request.environ.get(_MAY_RUN_AGAIN, False)
        if may and is_overtaken(e) and not has_committed(current_session()):
            raise _OvertakenError from e
        return super().handle_exception(e)

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None]
    ) -> None:
        """Log a failure by its endpoint: an address may hold whom it is about."""
        if structlog.is_configured():
            log.error("request failed", exc_info=exc_info)
        else:
            super().log_exception(exc_info)


def _body(environ: dict[str, Any]) -> bytes | None:
    """What was posted, to be read once more; None: it holds files, or is too large to keep, and the request runs once."""
    if environ["REQUEST_METHOD"] in _READING:
        return b""
    length = environ.get("CONTENT_LENGTH") or "0"
    is_form = not environ.get("CONTENT_TYPE", "").startswith("multipart/")
    is_counted = "HTTP_TRANSFER_ENCODING" not in environ and length.isdecimal()
    if not (is_form and is_counted and int(length) <= _LARGEST_FORM):
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    return body
