"""Customer numbers in addresses: any text that an ERP may use, a slash included, stays one part of the path."""

from __future__ import annotations

import re

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
