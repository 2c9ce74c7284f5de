"""The tabs of a customer's page: open items, all items, payments, contacts; long ones in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.followup.balances import ItemLine
from arfollow.followup.queries.desk import Desk
from arfollow.followup.views.addresses import here
from arfollow.receivables.queries.credits import credit_page
from arfollow.receivables.queries.items import item_page
from arfollow.receivables.queries.paging import Page
from arfollow.web.input import whole

SIZE = 100
_TABS = ("open", "all", "payments", "contacts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What the chosen tab shows: `page` of its rows (None: contacts). `tabs`: words, address, chosen, count."""

    tab: str
    page: Page[Any] | None
    tabs: Sequence[tuple[str, str, bool, int | None]]

    @property
    def first(self) -> int:
        """The number of the first row shown, counted from 1."""
        return (self.page.number - 1) * self.page.size + 1 if self.page else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.page.rows) - 1 if self.page else 0

    @property
    def previous(self) -> str | None:
        """The address of the page before; None: there is none."""
        return here("customer", page=self.page.number - 1) if self.page and self.page.number > 1 else None

    @property
    def next(self) -> str | None:
        """The address of the page after; None: there is none."""
        more = self.page is not None and self.page.number < self.page.pages
        return here("customer", page=self.page.number + 1) if self.page and more else None


def chosen_tab() -> str:
    """What the request's `tab` names; anything unknown is the first."""
    tab = request.args.get("tab", "")
    return tab if tab in _TABS else _TABS[0]


def ledger(session: Session, desk: Desk, *, company_id: int, today: date) -> Ledger:
    """What the request's `tab` and `page` ask for; anything unknown is the first."""
    tab = chosen_tab()
    number = max(1, request.args.get("page", 1, whole))
    return Ledger(
        tab=tab,
        page=_page(session, desk, tab, number, company_id=company_id, today=today),
        tabs=[
            (words, here("customer", tab=name if name != _TABS[0] else None, page=None), name == tab, count)
            for name, words, count in (
                ("open", _("Open items"), len(desk.lines)),
                ("all", _("All"), None),
                ("payments", _("Payments"), None),
                ("contacts", _("Contacts"), None),
            )
        ],
    )


def _page(
    session: Session, desk: Desk, tab: str, number: int, *, company_id: int, today: date
) -> Page[Any] | None:
    customer_id = desk.head.card.id
    match tab:
        case "open":
            return _open_page(desk.lines, number)
        case "all":
            return item_page(
                session, company_id=company_id, customer_id=customer_id, day=today, page=number, size=SIZE
            )
        case "payments":
            return credit_page(
                session, company_id=company_id, customer_id=customer_id, day=today, page=number, size=SIZE
            )
        case _:
            return None


def _open_page(lines: Sequence[ItemLine], number: int) -> Page[ItemLine]:
    start = (number - 1) * SIZE
    return Page(rows=tuple(lines[start : start + SIZE]), number=number, size=SIZE, total=len(lines))
