"""Telling whoever listens what has come into accounts, in the transaction: invoices, payments, promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

PURCHASED, PAYMENT_RECEIVED, PROMISE_MADE = "purchased", "payment_received", "promise_made"


@dataclass(frozen=True, slots=True)
class News:
    """What has come into a customer's account; `key` tells it from others of its kind, `about` names what it is about."""

    customer_id: int
    key: str
    about: Mapping[str, str]


Listener = Callable[[Session, int, str, Iterable[News]], None]
_listeners: list[Listener] = []


def on_news(listener: Listener) -> None:
    """Register who is told: the session, the company, the kind, and news that are made only for who asks; `app.py` does."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_news(session: Session, company_id: int, kind: str, news: Callable[[], Iterable[News]]) -> None:
    """Tell what has come in; `news` is asked anew by each who listens."""
    for listener in _listeners:
        listener(session, company_id, kind, news())
