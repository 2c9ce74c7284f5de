"""What subjects above put on a customer's page: `app.py` registers it, since nothing here may know them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from arfollow.access import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of the page. `build` gives what its template shows as `panel`, for the customer of that id."""

    template: str
    build: Callable[[Session, Scope, int], object]


_panels: list[Panel] = []


def register_panel(panel: Panel) -> None:
    """Show it on every customer's page, after those that were registered before."""
    if panel not in _panels:
        _panels.append(panel)


def panels(session: Session, scope: Scope, *, customer_id: int) -> Sequence[tuple[str, object]]:
    """The templates, each with what it shows."""
    return [(each.template, each.build(session, scope, customer_id)) for each in _panels]
