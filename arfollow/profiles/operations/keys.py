"""What events tell by which the upper subjects tell one thing of a customer from another, such as its appointments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

Keys = Mapping[str, frozenset[str]]
"""The names under which events tell it, by the kind of event."""

_askers: list[Callable[[Session, int], Keys]] = []


def on_keys(asker: Callable[[Session, int], Keys]) -> None:
    """Register what knows of a company's keys; `app.py` does."""
    if asker not in _askers:
        _askers.append(asker)


def keys_of_events(session: Session, *, company_id: int) -> Keys:
    """All that are in use."""
    found: dict[str, frozenset[str]] = {}
    for asker in _askers:
        for kind, names in asker(session, company_id).items():
            found[kind] = found.get(kind, frozenset()) | names
    return found
