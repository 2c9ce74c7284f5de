"""Headers of every response, and static addresses that may be cached for ever."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response

# Letters are previewed in a frame of our own pages, hence frame-src and frame-ancestors.
_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
}
POLICY = "; ".join(f"{directive} {sources}" for directive, sources in _SOURCES.items())
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    # CSRF checking over HTTPS needs the referrer of our own pages.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_FOR_EVER = 31_536_000


def init_headers(app: Flask) -> None:
    """Add the headers to every response of `app`, and its content's digest to every static address."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _FOR_EVER

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        # Figures of customers stay in no shared computer's cache, and Back shows what is true now.
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and app.static_folder and "filename" in values:
            values.setdefault("v", _digest(Path(app.static_folder) / values["filename"]))


@lru_cache(maxsize=256)
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
