"""Addresses in a text made links; nothing else of it becomes one, whatever somebody calls himself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape


def linked(text: str, links: Iterable[str]) -> Markup:
    """The text for HTML, these addresses in it as links."""
    known = sorted(set(links) - {""}, key=len, reverse=True)
    if not known:
        return escape(text)
    parts = re.split(f"({'|'.join(map(re.escape, known))})", text)
    return Markup("").join(_anchor(part) if part in known else escape(part) for part in parts)


def _anchor(address: str) -> Markup:
    shown = address.removeprefix("tel:")
    return Markup('<a href="{address}">{shown}</a>').format(address=address, shown=shown)
