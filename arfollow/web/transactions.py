"""Views that have slow work to do before they write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from arfollow.database import begin_write

View = TypeVar("View", bound=Callable[..., Any])


def prepare_first(view: View) -> View:
    """Declare a view that renders, hashes or reads files before it writes: it calls `begin_writing` itself."""
    marked: Any = view
    marked.prepares_first = True
    return view


def prepares_first(view: Callable[..., Any]) -> bool:
    """Whether the view was declared so; all other views that are not a GET begin as writers."""
    return bool(getattr(view, "prepares_first", False))


def begin_writing(session: Session) -> None:
    """End the transaction that was only read from, and begin one that writes; read again what must not have changed."""
    session.rollback()
    begin_write(session)
