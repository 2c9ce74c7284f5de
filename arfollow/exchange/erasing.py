"""The record of an import without what it tells of one customer: amounts and days stay, names and words go."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from arfollow.chatter.erasure import Subject
from arfollow.exchange.formats import OWN
from arfollow.exchange.report import encode_change, laid_out

_PERSONAL = frozenset({"name", "email", "phone", "street", "city", "postal_code", "vat", "reference", "data"})


def without_customer(content: bytes, subject: Subject) -> bytes:
    """The document as it is when it does not tell of the customer."""
    if encode_change(subject.number).encode() not in content:
        return content
    document: dict[str, Any] = json.loads(content)
    changes = document.pop("changes", None)
    if not isinstance(changes, list):
        return content
    kept = [_redacted(change) if change.get("customer") == subject.number else change for change in changes]
    return content if kept == changes else laid_out(document, map(encode_change, kept))


def _redacted(change: Mapping[str, Any]) -> dict[str, Any]:
    return {**change, **{when: _without(change[when]) for when in ("before", "after") if change.get(when)}}


def _without(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _blank(value) if _is_personal(name) and value else value for name, value in columns.items()}


def _is_personal(name: str) -> bool:
    return name in _PERSONAL or name.startswith(OWN)


def _blank(value: Any) -> Any:
    """What an event carried goes whole."""
    return {} if isinstance(value, dict) else ""
