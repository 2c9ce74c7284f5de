"""The cookie that a link's token is exchanged for: one for each link, for its own pages only, and for a short time."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

LIFETIME = timedelta(hours=2)


def give(response: Response, *, link_id: int) -> None:
    """Let this browser open the link's pages for a while. It shares nothing with the session of those who sign in."""
    response.set_cookie(
        _name(link_id),
        _serializer().dumps(link_id),
        max_age=LIFETIME,
        path=f"/my/{link_id}",
        httponly=True,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        samesite="Lax",
    )


def holds(link_id: int) -> bool:
    """Whether this browser opened the link by hand, not too long ago."""
    try:
        found = _serializer().loads(
            request.cookies.get(_name(link_id), ""), max_age=int(LIFETIME.total_seconds())
        )
    except BadData:
        return False
    return bool(found == link_id)


def _name(link_id: int) -> str:
    return f"arfollow_link_{link_id}"


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SETTINGS"].secret_key, salt="arfollow portal")
