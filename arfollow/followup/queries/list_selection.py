"""A view of the list made ready for reading: its figures, and the quickest way to its rows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.followup.queries.list_figures import Figures, list_figures
from arfollow.followup.queries.list_filters import MANY, few, found_by_text
from arfollow.followup.queries.list_view import ANYBODY, ListView


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A view with its figures. `found`: the customers that its text finds, None without one or where they are too many.

    `among`: customers to look among, None: the index of the order is read until the page is full.
    """

    list_view: ListView
    figures: Figures
    found: Collection[int] | None
    among: Collection[int] | None


def selection(session: Session, scope: Scope, list_view: ListView) -> Selection:
    """The view made ready. A text, or filters that leave few of many, are looked up first: the rest is done among those."""
    found = found_by_text(session, scope, list_view.text) if list_view.text else None
    figures = list_figures(session, scope, list_view, found)
    among: Collection[int] | None = found
    if found is None and _narrows(list_view) and figures.total <= MANY and not figures.is_bounded:
        among = few(session, scope, list_view) if figures.total else ()
    return Selection(list_view=list_view, figures=figures, found=found, among=among)


def _narrows(list_view: ListView) -> bool:
    """Whether it filters by what no order's index begins with."""
    return list_view.level_id is not None or list_view.band is not None or list_view.responsible != ANYBODY
