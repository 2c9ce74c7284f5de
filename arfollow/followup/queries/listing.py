"""The list as its screen shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.companies.tables import Company
from arfollow.followup.queries.customer import Gap, company_terms
from arfollow.followup.queries.list_entries import Ledger, level_marks, list_entries
from arfollow.followup.queries.list_entry import LevelMark, ListEntry, Person
from arfollow.followup.queries.list_figures import (
    NextDue,
    count_done_today,
    count_of,
    counts_by_band,
    counts_by_view,
    currencies,
    next_due,
    overdue_totals,
)
from arfollow.followup.queries.list_order import ids_of_page
from arfollow.followup.queries.list_view import OF_AMOUNTS, SORTS, ListView, Sort, View
from arfollow.followup.queries.waiting import count_waiting
from arfollow.followup.rules import Band
from arfollow.levels.queries import plans_in_force
from arfollow.users.queries import members
from arfollow.values.money import Money

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRun:
    """Rows of one band that follow each other; `customers` counts all of the band, on other pages too."""

    band: Band
    customers: int
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
    `gaps`: what the company has not entered yet.
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
    choices: Choices

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
    ledger = _ledger(session, scope)
    counts = counts_by_view(session, scope, list_view)
    bands = counts_by_band(session, scope, list_view) if list_view.view is View.ACTION else {}
    terms = company_terms(session, company_id=scope.company_id)
    total = sum(bands.values()) if bands else count_of(session, scope, list_view)
    shown = _within(list_view, total, ledger)
    ids = ids_of_page(session, scope, shown, size=PAGE_SIZE)
    entries = list_entries(session, ledger, ids, today=scope.today)
    everybody = (
        counts_by_view(session, scope, list_view.without_filters()) if list_view.is_filtered else counts
    )
    return ListPage(
        list_view=shown,
        entries=entries,
        runs=_runs(entries, bands) if shown.sort is Sort.URGENCY else (),
        total=total,
        counts=counts,
        bands=bands,
        overdue=tuple(
            sorted(overdue_totals(session, scope, shown), key=lambda total: ledger.order(total.currency))
        ),
        done_today=count_done_today(session, scope),
        next_due=next_due(session, scope, shown),
        to_do=everybody[View.ACTION],
        customers=everybody[View.ALL],
        unfiltered=everybody[shown.view],
        waiting=count_waiting(session, company_id=scope.company_id, today=scope.today),
        imported_on=terms.imported_on if terms.import_is_old(scope.today) else None,
        gaps=terms.gaps,
        choices=_choices(session, scope, ledger),
    )


def _ledger(session: Session, scope: Scope) -> Ledger:
    row = session.execute(
        select(Company.currency, Company.bucket_days).where(Company.id == scope.company_id)
    ).one()
    return Ledger(
        company_id=scope.company_id,
        currency=row.currency,
        bucket_days=tuple(row.bucket_days),
        plans=plans_in_force(session, company_id=scope.company_id, customer_ids=()),
    )


def _within(list_view: ListView, total: int, ledger: Ledger) -> ListView:
    """The view with its page among those there are, and with the company's currency where a sort needs one."""
    pages = max(1, -(-total // PAGE_SIZE))
    currency = list_view.currency or (ledger.currency if list_view.sort in OF_AMOUNTS else "")
    return replace(list_view, page=min(list_view.page, pages), currency=currency)


def _runs(entries: Sequence[ListEntry], bands: Mapping[Band, int]) -> tuple[BandRun, ...]:
    return tuple(
        BandRun(
            band=band,
            customers=customers,
            entries=tuple(entry for entry in entries if entry.band is band),
        )
        for band, customers in bands.items()
        if any(entry.band is band for entry in entries)
    )


def _choices(session: Session, scope: Scope, ledger: Ledger) -> Choices:
    marks = level_marks(ledger.plans)
    return Choices(
        levels=tuple(
            (plan.name, tuple(marks[level.id] for level in plan.levels))
            for plan in ledger.plans.by_id.values()
            if plan.levels
        ),
        people=tuple(
            Person(id=member.user_id, name=member.name)
            for member in members(session, company_id=scope.company_id)
        ),
        currencies=tuple(sorted(currencies(session, company_id=scope.company_id), key=ledger.order)),
    )
