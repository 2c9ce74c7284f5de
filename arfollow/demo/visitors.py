"""What the demo's customers do with the messages of workflows: open links, answer surveys, register, send texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from arfollow import clock
from arfollow.companies.queries import find_company
from arfollow.delivery.texts.operations.receiving import receive
from arfollow.delivery.texts.rules import Text
from arfollow.demo.routes import BUYERS, Routes
from arfollow.portal import acting
from arfollow.portal.visiting import Visit
from arfollow.receivables.queries.customers import cards_of
from arfollow.receivables.queries.links import Link, find_link
from arfollow.receivables.rules.links import Page
from arfollow.receivables.tables import SignedLink
from arfollow.workflows.rules.conditions import Value
from arfollow.workflows.surveys.queries import survey_by_key

_READ_WITHIN = timedelta(days=8)

# By their place among the demo's customers.
_LOOK_AT_WHAT_IS_OWED = (0, 12, 38, 41)
_REGISTER = (1, 9, 18, 19, 26, 30, 32, 40)
_WANT_NO_MORE = (47,)
_ANSWERS: dict[int, dict[str, Value]] = dict(
    zip(
        BUYERS,
        (
            {"score": 10, "as_expected": "better", "better": "Nothing: it rides like a dream."},
            {"score": 4, "as_expected": "worse", "better": "The bell broke in the first week."},
            {"score": 9, "as_expected": "as_expected"},
            {"score": 7, "as_expected": "as_expected", "better": "A shorter wait for the lock."},
            {},
            {"score": 8, "as_expected": "better", "better": "Somebody should answer the telephone."},
            {"score": 5, "as_expected": "worse"},
        ),
        strict=False,
    )
)
_TEXTS = (
    (3, "+4917604069040", "Could you send us invoice and bank details again? Thanks"),
    (2, "+4917604069099", "We have moved, our new address is Uferstr. 4, Bremen"),
    (1, "+4917604069018", "STOP"),
)


def open_links(routes: Routes) -> None:
    """What customers do today with the links that they were sent."""
    places = {account.customer_id: index for index, account in enumerate(routes.accounts)}
    for link in _new_links(routes):
        act = _ACTS.get(link.page)
        if act is not None:
            act(routes, link, places[link.customer_id])


def send_texts(routes: Routes) -> None:
    """The text messages that come in today: of customers, and of a number that nobody knows."""
    for days, sender, text in _TEXTS:
        if clock.today("Europe/Berlin") == routes.today - timedelta(days=days):
            known = Text(id=f"demo-{days}", sender=sender, recipient="", text=text, at=clock.now())
            receive(routes.session, text=known)


def _new_links(routes: Routes) -> Iterator[Link]:
    """Those that went out on another day, and that nobody has opened."""
    now: datetime = clock.now()
    ids = routes.session.scalars(
        select(SignedLink.id)
        .where(
            SignedLink.company_id == routes.company_id,
            SignedLink.used_at.is_(None),
            SignedLink.issued_at.between(now - _READ_WITHIN, now - timedelta(hours=12)),
        )
        .order_by(SignedLink.id)
    ).all()
    found = (find_link(routes.session, link_id=each, now=now) for each in ids)
    yield from (link for link in found if link is not None)


def _visit(routes: Routes, link: Link) -> Visit:
    cards = cards_of(routes.session, company_id=link.company_id, customer_ids=[link.customer_id])
    company = find_company(routes.session, company_id=link.company_id)
    here = Visit(
        link=link,
        customer=cards[link.customer_id],
        company=company,
        logo=None,
        now=clock.now(),
        today=clock.today(company.timezone),
    )
    acting.arrive(routes.session, here)
    return here


def _look(routes: Routes, link: Link, index: int) -> None:
    if index in _LOOK_AT_WHAT_IS_OWED:
        _visit(routes, link)


def _register(routes: Routes, link: Link, index: int) -> None:
    if index in _REGISTER:
        acting.confirm(routes.session, _visit(routes, link))


def _unsubscribe(routes: Routes, link: Link, index: int) -> None:
    if index in _WANT_NO_MORE:
        acting.unsubscribe(routes.session, _visit(routes, link))


def _answer(routes: Routes, link: Link, index: int) -> None:
    if answers := _ANSWERS.get(index):
        view = survey_by_key(routes.session, company_id=link.company_id, key=link.about["survey"])
        acting.answer(routes.session, _visit(routes, link), view=view, answers=answers)


_ACTS = {
    Page.PAY: _look,
    Page.CONFIRM: _register,
    Page.UNSUBSCRIBE: _unsubscribe,
    Page.SURVEY: _answer,
}
