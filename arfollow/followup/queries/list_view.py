"""What of the list is shown, and in which order: what an address of the list says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from arfollow.followup.rules import Band, Status

E = TypeVar("E", bound=StrEnum)

_LONGEST_TEXT = 100
_LAST_PAGE = 1_000_000
_LARGEST_ID = 2**31 - 1


class View(StrEnum):
    """Which customers the screen is about."""

    ACTION = "action"
    OVERDUE = "overdue"
    ALL = "all"


class Sort(StrEnum):
    """What the list can be sorted by; nothing else reaches the database."""

    URGENCY = "urgency"
    CUSTOMER = "customer"
    OVERDUE = "overdue"
    TOTAL = "total"
    OLDEST = "oldest"
    NEXT = "next"


OF_AMOUNTS = frozenset({Sort.OVERDUE, Sort.TOTAL})
"""The sorts that need a currency."""

SORTS: Mapping[View, tuple[Sort, ...]] = {
    View.ACTION: (Sort.URGENCY, Sort.CUSTOMER, Sort.OVERDUE, Sort.TOTAL, Sort.OLDEST),
    View.OVERDUE: (Sort.OLDEST, Sort.CUSTOMER, Sort.OVERDUE, Sort.TOTAL, Sort.NEXT),
    View.ALL: (Sort.CUSTOMER, Sort.OVERDUE, Sort.TOTAL, Sort.OLDEST, Sort.NEXT),
}
"""What each view can be sorted by, its usual order first."""

_LARGEST_FIRST = frozenset({Sort.OVERDUE, Sort.TOTAL, Sort.OLDEST})

ANYBODY, ME, NOBODY = "", "me", "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListView:
    """A view of the list. `responsible`: ANYBODY, ME, NOBODY or a user's id; `currency` matters to sorts of amounts.

    `descending` is meant as the column shows it: by age the latest payers come first. Urgency knows one direction.
    """

    view: View = View.ACTION
    status: Status | None = None
    band: Band | None = None
    level_id: int | None = None
    responsible: str = ANYBODY
    text: str = ""
    sort: Sort = Sort.URGENCY
    descending: bool = False
    currency: str = ""
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the view itself leaves customers out."""
        return any((self.status, self.band, self.level_id, self.responsible, self.text))

    @property
    def responsible_id(self) -> int | None:
        """The id of the one user who was chosen by name."""
        return int(self.responsible) if self.responsible.isdecimal() else None

    def arguments(self) -> dict[str, str]:
        """The arguments of its address; those that say what goes without saying are left out."""
        usual = ListView(view=self.view, sort=SORTS[self.view][0], currency=self.currency)
        usual = replace(usual, descending=usual.sort in _LARGEST_FIRST)
        values = {
            "view": self.view.value,
            "status": self.status.value if self.status else "",
            "band": self.band.name.lower() if self.band else "",
            "level": str(self.level_id or ""),
            "responsible": self.responsible,
            "q": self.text,
            "page": str(self.page) if self.page > 1 else "",
        }
        if (self.sort, self.descending) != (usual.sort, usual.descending):
            values |= {"sort": self.sort.value, "direction": "desc" if self.descending else "asc"}
        if self.sort in OF_AMOUNTS:
            values["currency"] = self.currency
        return {name: value for name, value in values.items() if value}

    @property
    def query(self) -> str:
        """The same as text, without the page: a customer's address carries it, as the list it was opened from."""
        return urlencode(replace(self, page=1).arguments())

    def without_filters(self) -> ListView:
        """The same view in the same order, of all its customers."""
        return replace(self, status=None, band=None, level_id=None, responsible=ANYBODY, text="", page=1)

    def seen_as(self, view: View) -> ListView:
        """Another view with the filters that every view has, in its usual order."""
        return parse(
            {**self.arguments(), "view": view.value, "sort": "", "page": "", "status": "", "band": ""}
        )

    def sorted_by(self, sort: Sort) -> ListView:
        """The first page by that sort: its usual direction first, then the other one."""
        again = sort is self.sort
        return replace(
            self, sort=sort, page=1, descending=not self.descending if again else sort in _LARGEST_FIRST
        )


def parse(arguments: Mapping[str, str], *, view: View = View.ACTION) -> ListView:
    """The view that an address's arguments name; what they say that is not offered is left at the usual."""
    shown = _member(View, arguments.get("view", "")) or view
    sort, descending = _order(shown, arguments.get("sort", ""), arguments.get("direction", ""))
    return ListView(
        view=shown,
        status=_member(Status, arguments.get("status", "")) if shown is not View.ACTION else None,
        band=_band(arguments.get("band", "")) if shown is View.ACTION else None,
        level_id=_whole(arguments.get("level", ""), _LARGEST_ID),
        responsible=_responsible(arguments.get("responsible", "")),
        text=" ".join(arguments.get("q", "").replace("\0", "").split())[:_LONGEST_TEXT],
        sort=sort,
        descending=descending,
        currency=_currency(arguments.get("currency", "")),
        page=_whole(arguments.get("page", ""), _LAST_PAGE) or 1,
    )


def parse_query(text: str) -> ListView:
    """The view that `ListView.query` wrote; the usual one for empty text."""
    return parse(dict(parse_qsl(text[:1000])))


def _member(kind: type[E], text: str) -> E | None:
    return next((member for member in kind if member.value == text), None)


def _order(view: View, sort: str, direction: str) -> tuple[Sort, bool]:
    chosen = _member(Sort, sort)
    if chosen not in SORTS[view]:
        chosen, direction = SORTS[view][0], ""
    usual = chosen in _LARGEST_FIRST
    return chosen, usual if chosen is Sort.URGENCY else {"asc": False, "desc": True}.get(direction, usual)


def _band(text: str) -> Band | None:
    band = Band.__members__.get(text.upper())
    return None if band is Band.NOT_LISTED else band


def _whole(text: str, largest: int) -> int | None:
    """A whole number from 1; None for anything else."""
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(largest)):
        return None
    return number if 1 <= (number := int(text)) <= largest else None


def _responsible(text: str) -> str:
    return text if text in (ME, NOBODY) else str(_whole(text, _LARGEST_ID) or ANYBODY)


def _currency(text: str) -> str:
    return text if re.fullmatch("[A-Z]{3}", text) else ""
