"""Addresses within this site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import current_app, request

from arfollow.access import Permission, find_scope


def is_own_path(location: str) -> bool:
    """Whether it is a path of this site: the only kind of address that a sign-in may go on to."""
    if not location.isprintable() or "\\" in location or not location.startswith("/"):
        return False
    try:
        parts = urlsplit(location)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc


def own_path_of(address: str) -> str:
    """Path and query of a whole address, such as a browser says it is on; empty when it cannot be read."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def url_with(**changes: object) -> str:
    """This page's address with these query arguments changed; None takes one away."""
    arguments: Mapping[str, list[str]] = request.args.to_dict(flat=False)
    kept: dict[str, Any] = {name: values for name, values in arguments.items() if name not in changes}
    kept.update({name: [value] for name, value in changes.items() if value is not None})
    query = urlencode(kept, doseq=True)
    return f"{request.path}?{query}" if query else request.path


def page_at(path: str) -> str | None:
    """The path, if a page is served there that the reader may open; else None. For links to what may not be there yet."""
    adapter = current_app.url_map.bind("")
    if not adapter.test(path, method="GET"):
        return None
    endpoint, _values = adapter.match(path, method="GET")
    permission = getattr(current_app.view_functions[endpoint], "permission", Permission.PUBLIC)
    scope = find_scope()
    may = permission is Permission.PUBLIC or (scope is not None and scope.may(permission))
    return path if may else None
