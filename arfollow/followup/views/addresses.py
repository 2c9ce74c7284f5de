"""Addresses of a customer's pages: its number stays one part of the path, and the way back to the list is kept."""

from __future__ import annotations

import re
from typing import Any

from flask import request, url_for
from werkzeug.routing import BaseConverter

# Servers decode %2F before they look at the path, and browsers resolve "." and ".." away.
_ESCAPES = {"~7E": "~", "~2F": "/", "~2E": "."}
_ESCAPED = {character: escape for escape, character in _ESCAPES.items()}


class CustomerNumber(BaseConverter):
    """Writes `A/1` as `A~2F1`."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The customer's number."""
        return re.sub("~(7E|2F|2E)", lambda escape: _ESCAPES[escape.group()], value)

    def to_url(self, value: str) -> str:
        """One part of a path."""
        escaped = re.sub("[~/]", lambda character: _ESCAPED[character.group()], value)
        if not escaped.strip("."):
            escaped = escaped.replace(".", _ESCAPED["."])
        return super().to_url(escaped)


_KEPT = ("list", "tab", "page")


def here(view: str, **changes: Any) -> str:
    """The address of one of the present customer's pages, in the same tab; None takes a query argument away."""
    kept = {name: request.args[name] for name in _KEPT if name in request.args}
    number = (request.view_args or {})["number"]
    values: dict[str, Any] = {**kept, "number": number, **changes}
    return url_for(f"followup.{view}", **{name: value for name, value in values.items() if value is not None})
