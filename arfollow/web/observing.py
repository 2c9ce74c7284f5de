"""What every request leaves behind: an id in its answer and on its log lines, and its time among the metrics."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, request
from prometheus_client import Counter, Histogram
from structlog.contextvars import bind_contextvars, clear_contextvars

from arfollow.web.probes import blueprint as probes

log = structlog.get_logger(__name__)

HEADER = "X-Request-ID"
RUN_AGAIN = Counter(
    "arfollow_requests_run_again",
    "Requests that lost to another transaction and were run again.",
    ["endpoint"],
)
_SECONDS = Histogram(
    "arfollow_request_seconds",
    "Time to answer a request.",
    ["endpoint", "status"],
    buckets=(0.005, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30),
)
_ENDPOINT = "arfollow.endpoint"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def init_observing(app: Flask) -> None:
    """Note which endpoint each request is for; before anything else is done with it."""

    @app.before_request
    def note_endpoint() -> None:
        request.environ[_ENDPOINT] = request.endpoint or "none"
        bind_contextvars(endpoint=request.endpoint, method=request.method)


def endpoint_of(environ: dict[str, Any]) -> str:
    """Which endpoint the request was for; `none`: there is no such page."""
    return str(environ.get(_ENDPOINT, "none"))


def observe(
    application: Application, environ: dict[str, Any], start_response: Any, *, behind_proxy: bool
) -> Iterable[bytes]:
    """The application's answer with the request's id: the proxy's if there is one that is trusted, else a new one."""
    given = environ.get("HTTP_X_REQUEST_ID", "") if behind_proxy else ""
    request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)
    clear_contextvars()
    bind_contextvars(request_id=request_id)
    began, status = perf_counter(), "500"

    def start(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        nonlocal status
        status = line[:3]
        return start_response(line, [*headers, (HEADER, request_id)], *rest)

    try:
        return application(environ, start)
    finally:
        _note(endpoint_of(environ), status, perf_counter() - began)


def _note(endpoint: str, status: str, seconds: float) -> None:
    if endpoint.startswith(f"{probes.name}."):
        return
    _SECONDS.labels(endpoint=endpoint, status=status).observe(seconds)
    # Where nobody has said where lines go, they would go to standard output.
    if structlog.is_configured() and endpoint != "static":
        log.info("request", status=int(status), ms=round(seconds * 1000))
