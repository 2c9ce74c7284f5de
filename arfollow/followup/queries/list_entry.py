"""What a row of the list says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arfollow.followup.rules import Band, Status
from arfollow.levels.rules.explaining import Code
from arfollow.values.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user as lists name one: `initials` where there is little room."""

    id: int
    name: str

    @property
    def initials(self) -> str:
        """The first letters of the first and the last name."""
        names = self.name.split()
        return "".join(name[0] for name in (names[:1] + names[1:][-1:])).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelMark:
    """A customer's level; `position` counts from 1 within its plan, None for one that is no longer in force."""

    id: int
    name: str
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """The last contact with a customer; `kind`: email, letter, call, todo …"""

    on: date
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aging:
    """What is open in one currency by days past due: every bucket's name and minor units."""

    currency: str
    buckets: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """A customer on the list. Amounts come by currency, the company's first, before unapplied credit, without zeros.

    `oldest_days`: days past due of its oldest open item, None when nothing is overdue. `reason_on`: the day that the reason
    is about (broken on, Manual date, task's date); `follow_up_on`: the next day on the list, None once listed or for never.
    `is_waiting`: the stored row is out of date and is being refreshed.
    """

    customer_id: int
    number: str
    name: str
    status: Status
    band: Band
    reason: Code
    reason_on: date | None
    overdue: tuple[Money, ...]
    total: tuple[Money, ...]
    oldest_days: int | None
    aging: Aging | None
    level: LevelMark | None
    actions: tuple[str, ...]
    contact: Contact | None
    follow_up_on: date | None
    responsible: Person | None
    is_waiting: bool
