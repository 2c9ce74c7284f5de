"""What entering rows has found out so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from arfollow.exchange.problems import Place, Problems
from arfollow.exchange.rows import Rows, Unread
from arfollow.receivables.rules.books import BookCustomer, BookItem, Books, Entry
from arfollow.values.refusals import N_, Quoted, Remark

FOLLOW_UP_OFF = "none"
"""How a file says that a customer is not followed up; an empty plan means the company's default."""


@dataclass(frozen=True, kw_only=True)
class PlanChoice:
    """The plan that a file gives a customer: its name, `none`, or empty for the company's default."""

    place: Place
    customer: BookCustomer
    plan: str


@dataclass(frozen=True, kw_only=True)
class Followed:
    """How far the old system had got with an item."""

    place: Place
    item: BookItem
    level: str
    on: dt.date


@dataclass(slots=True, kw_only=True)
class Journal:
    """The books that some accounts' rows are entered into, and what cannot be entered or belongs elsewhere.

    `mentioned`: the entries that the files name, so that those that stayed as they were can be counted. `left_over`: new
    payments and credit notes that were larger than what was open of what they settle.
    """

    books: Books
    rows: Rows
    unread: Unread
    problems: Problems
    today: dt.date
    people: Mapping[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    mentioned: list[Entry] = field(default_factory=list)
    plans: list[PlanChoice] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)
    left_over: int = 0

    def customer(self, place: Place, number: str) -> BookCustomer | None:
        """The customer of that number; an unknown one is a problem, one whose own row has a problem is not."""
        found = self.books.customers.get(number)
        if found is None and number not in self.unread.customers:
            message = Remark(N_("%(number)s is not known; import customers first."), number=Quoted(number))
            self.problems.about(place, "customer", message)
        return found


def twice(first: Place, place: Place, what: str) -> str:
    """The message about a row that is there again."""
    if first.file == place.file:
        return Remark(N_("%(what)s is there twice, first in row %(row)s."), what=what, row=first.line)
    message = N_("%(what)s is there twice, first in %(file)s, row %(row)s.")
    return Remark(message, what=what, file=first.file, row=first.line)
