"""The list as its screen shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from sqlalchemy import Date, Integer, bindparam, func, select
from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.followup.queries.customer import CompanyTerms, Gap, company_terms
from arfollow.followup.queries.list_entries import Ledger, level_marks, list_entries
from arfollow.followup.queries.list_entry import LevelMark, ListEntry, Person
from arfollow.followup.queries.list_filters import MANY
from arfollow.followup.queries.list_order import ids_of_page
from arfollow.followup.queries.list_selection import selection
from arfollow.followup.queries.list_view import OF_AMOUNTS, SORTS, ListView, Sort, View
from arfollow.followup.queries.next_due import NextDue, next_due
from arfollow.followup.queries.waiting import count_waiting
from arfollow.followup.rules import Band
from arfollow.followup.tables import FollowUp
from arfollow.levels.queries import plans_in_force
from arfollow.receivables.rules.aging import buckets
from arfollow.users.queries import members
from arfollow.values.money import Money

PAGE_SIZE = 50
_BATCH = 500
_ALL = 2**31 - 1
# Made once: to build it anew would take longer than to run it.
_DONE = select(func.count(FollowUp.id)).where(
    FollowUp.company_id == bindparam("company_id", type_=Integer()),
    FollowUp.done_on == bindparam("day", type_=Date()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRun:
    """Rows of one band that follow each other; `customers` counts all of the band, on other pages too; None: not counted."""

    band: Band
    customers: int | None
    entries: tuple[ListEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the filters offer: levels in force by plan, the company's people, the currencies to sort amounts in."""

    levels: tuple[tuple[str, tuple[LevelMark, ...]], ...]
    people: tuple[Person, ...]
    currencies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A page of the list. `runs`: its rows under their bands when it is sorted by urgency, else empty.

    `overdue`: the view's totals by currency; `counts`: customers of each view with the same filters; `bands`: of each band, in the view that has any; `to_do`: customers of the company that need
    action; `customers`: all of them; `waiting`: rows that are being refreshed; `imported_on`: the last import of open items, when that is too long ago;
    `gaps`: what the company has not entered yet; `unpayable`: the view's overdue currencies without a bank account. Where a text finds too many to count, `is_bounded`: see `Figures`.
    """

    list_view: ListView
    entries: tuple[ListEntry, ...]
    runs: tuple[BandRun, ...]
    total: int
    counts: Mapping[View, int]
    bands: Mapping[Band, int]
    overdue: tuple[Money, ...]
    done_today: int
    next_due: NextDue | None
    to_do: int
    customers: int
    unfiltered: int
    waiting: int
    imported_on: date | None
    gaps: tuple[Gap, ...]
    unpayable: tuple[str, ...]
    choices: Choices
    is_bounded: bool

    def said(self, count: int) -> str:
        """A count as the page says it: `500+` where there are more than were counted."""
        return f"{MANY}+" if self.is_bounded and count > MANY else str(count)

    @property
    def pages(self) -> int:
        """How many pages there are; at least 1."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def first(self) -> int:
        """The position of the page's first row, counted from 1."""
        return (self.list_view.page - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """The position of the page's last row."""
        return self.first + len(self.entries) - 1

    def page_at(self, offset: int) -> ListView | None:
        """The view's page so many pages on; None when there is none."""
        page = self.list_view.page + offset
        return replace(self.list_view, page=page) if 1 <= page <= self.pages else None

    def sort_named(self, name: str) -> Sort | None:
        """The sort of a column, if the view offers it."""
        return next((sort for sort in SORTS[self.list_view.view] if sort.value == name), None)


def list_page(session: Session, scope: Scope, list_view: ListView) -> ListPage:
    """The page of the list; one beyond the end is the last one."""
    terms = company_terms(session, company_id=scope.company_id)
    ledger = _ledger(session, scope, terms)
    selected = selection(session, scope, list_view)
    figures = selected.figures
    shown = _within(list_view, figures.total, ledger)
    ids = ids_of_page(session, scope, shown, size=PAGE_SIZE, among=selected.among)
    entries = list_entries(session, ledger, ids, today=scope.today)
    return ListPage(
        list_view=shown,
        entries=entries,
        runs=_runs(entries, figures.bands) if shown.sort is Sort.URGENCY else (),
        total=figures.total,
        counts=figures.counts,
        bands=figures.bands,
        overdue=tuple(sorted(figures.overdue, key=lambda total: ledger.order(total.currency))),
        done_today=_done_today(session, scope),
        next_due=next_due(session, scope, shown, selected.found),
        to_do=figures.everybody[View.ACTION],
        customers=figures.everybody[View.ALL],
        unfiltered=figures.everybody[shown.view],
        waiting=count_waiting(session, company_id=scope.company_id, today=scope.today),
        imported_on=terms.imported_on if terms.import_is_old(scope.today) else None,
        gaps=terms.gaps,
        unpayable=terms.unpayable(total.currency for total in figures.overdue if total.minor),
        choices=_choices(session, scope, ledger, figures.currencies),
        is_bounded=figures.is_bounded,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeList:
    """All of a view. `currencies`: those that anything is open in, the company's first; `buckets`: of aging, in days past due.

    `entries` are read a few hundred at a time.
    """

    currencies: tuple[str, ...]
    buckets: tuple[str, ...]
    entries: Iterator[ListEntry]


def whole_list(session: Session, scope: Scope, list_view: ListView) -> WholeList:
    """Every customer of the view, in its order."""
    ledger = _ledger(session, scope, company_terms(session, company_id=scope.company_id))
    selected = selection(session, scope, list_view)
    shown = replace(_within(list_view, selected.figures.total, ledger), page=1)
    ids = ids_of_page(session, scope, shown, size=_ALL, among=selected.among)
    return WholeList(
        currencies=tuple(sorted(selected.figures.currencies, key=ledger.order)),
        buckets=tuple(buckets(ledger.bucket_days)),
        entries=(
            entry
            for start in range(0, len(ids), _BATCH)
            for entry in list_entries(session, ledger, ids[start : start + _BATCH], today=scope.today)
        ),
    )


def _done_today(session: Session, scope: Scope) -> int:
    """How many follow-ups were marked Done today, by anybody."""
    return session.scalar(_DONE, {"company_id": scope.company_id, "day": scope.today}) or 0


def _ledger(session: Session, scope: Scope, terms: CompanyTerms) -> Ledger:
    plans = plans_in_force(session, company_id=scope.company_id, customer_ids=())
    return Ledger(
        currency=terms.currency, bucket_days=terms.bucket_days, plans=plans, marks=level_marks(plans)
    )


def _within(list_view: ListView, total: int, ledger: Ledger) -> ListView:
    """The view with its page among those there are, and with the company's currency where a sort needs one."""
    pages = max(1, -(-total // PAGE_SIZE))
    currency = list_view.currency or (ledger.currency if list_view.sort in OF_AMOUNTS else "")
    return replace(list_view, page=min(list_view.page, pages), currency=currency)


def _runs(entries: Sequence[ListEntry], bands: Mapping[Band, int]) -> tuple[BandRun, ...]:
    return tuple(
        BandRun(band=band, customers=bands.get(band), entries=tuple(of_band))
        for band, of_band in groupby(entries, lambda entry: entry.band)
    )


def _choices(session: Session, scope: Scope, ledger: Ledger, currencies: Sequence[str]) -> Choices:
    return Choices(
        levels=tuple(
            (plan.name, tuple(ledger.marks[level.id] for level in plan.levels))
            for plan in ledger.plans.by_id.values()
            if plan.levels
        ),
        people=tuple(
            Person(id=member.user_id, name=member.name)
            for member in members(session, company_id=scope.company_id)
        ),
        currencies=tuple(sorted(currencies, key=ledger.order)),
    )
