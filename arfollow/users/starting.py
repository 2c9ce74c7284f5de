"""Where somebody who has signed in begins: on the list, unless an upper subject has something to do first."""

from __future__ import annotations

from collections.abc import Callable

USUAL = "/follow-ups"
_choosers: list[Callable[[], str | None]] = []


def register_start(chooser: Callable[[], str | None]) -> None:
    """Say who chooses the first page of a request's user; None: the usual one. `app.py` does, once."""
    _choosers[:] = [chooser]


def start_page() -> str:
    """The path of the page to begin on."""
    return next((path for choose in _choosers if (path := choose())), USUAL)
