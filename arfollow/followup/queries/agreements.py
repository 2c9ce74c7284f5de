"""What keeps parts of a customer's account from being chased: holds, disputes, promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from arfollow.followup.balances import item_name
from arfollow.receivables.rules.accounts import Account
from arfollow.receivables.rules.promises import PromiseState
from arfollow.receivables.tables import Dispute, Hold, Instalment, Invoice, Promise
from arfollow.values.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLine:
    """A hold in force. `item` empty: the whole customer; `until` None: until released."""

    id: int
    item: str
    reason: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeLine:
    """An open dispute. `amount` None: the whole item."""

    id: int
    item: str
    reason: str
    amount: Money | None
    opened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """A promise that is open, or broken with something still owed of its items. `broken_on` None: it is open."""

    id: int
    items: tuple[str, ...]
    amount: Money
    outstanding: Money
    made_on: date
    due_on: date
    broken_on: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreements:
    """All of them; each list with the oldest first."""

    holds: tuple[HoldLine, ...]
    disputes: tuple[DisputeLine, ...]
    promises: tuple[PromiseLine, ...]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.holds or self.disputes or self.promises)

    @property
    def customer_hold(self) -> HoldLine | None:
        """The hold on the whole customer."""
        return next((hold for hold in self.holds if not hold.item), None)


def agreements(session: Session, *, customer_id: int, account: Account) -> Agreements:
    """What stands on the account's day."""
    return Agreements(
        holds=tuple(_holds(session, customer_id, account.as_of)),
        disputes=tuple(_disputes(session, customer_id, account.as_of)),
        promises=tuple(_promises(session, customer_id, account)),
    )


def _holds(session: Session, customer_id: int, day: date) -> Iterator[HoldLine]:
    rows = session.execute(
        select(Hold, Invoice.number, Instalment.number)
        .outerjoin(Instalment, Instalment.id == Hold.instalment_id)
        .outerjoin(Invoice, Invoice.id == Instalment.invoice_id)
        .where(
            Hold.customer_id == customer_id,
            Hold.set_on <= day,
            or_(Hold.released_on.is_(None), Hold.released_on > day),
            or_(Hold.until.is_(None), Hold.until >= day),
            or_(Hold.instalment_id.is_(None), Instalment.settled_on.is_(None), Instalment.settled_on > day),
        )
        .order_by(Hold.id)
    )
    for hold, invoice, instalment in rows:
        name = item_name(invoice, instalment) if invoice else ""
        yield HoldLine(id=hold.id, item=name, reason=hold.reason, until=hold.until)


def _disputes(session: Session, customer_id: int, day: date) -> Iterator[DisputeLine]:
    rows = session.execute(
        select(Dispute, Invoice.number, Invoice.currency, Instalment.number)
        .join(Instalment, Instalment.id == Dispute.instalment_id)
        .join(Invoice, Invoice.id == Instalment.invoice_id)
        .where(
            Dispute.customer_id == customer_id,
            Dispute.opened_on <= day,
            or_(Dispute.resolved_on.is_(None), Dispute.resolved_on > day),
            or_(Instalment.settled_on.is_(None), Instalment.settled_on > day),
        )
        .order_by(Dispute.id)
    )
    for dispute, invoice, currency, instalment in rows:
        yield DisputeLine(
            id=dispute.id,
            item=item_name(invoice, instalment),
            reason=dispute.reason,
            amount=None if dispute.amount is None else Money(currency, dispute.amount),
            opened_on=dispute.opened_on,
        )


def _promises(session: Session, customer_id: int, account: Account) -> Iterator[PromiseLine]:
    names = {item.id: item_name(item.invoice, item.instalment) for item in account.items}
    notes = dict(
        session.execute(select(Promise.id, Promise.note).where(Promise.customer_id == customer_id))
        .tuples()
        .all()
    )
    for state in account.promises:
        owed = tuple(name for item_id, name in names.items() if item_id in state.terms.item_ids)
        if state.is_open(account.as_of) or (state.is_broken(account.as_of) and owed):
            yield _promise(state, owed, notes.get(state.terms.id, ""), account.as_of)


def _promise(state: PromiseState, owed: tuple[str, ...], note: str, day: date) -> PromiseLine:
    terms = state.terms
    return PromiseLine(
        id=terms.id,
        items=owed,
        amount=Money(terms.currency, terms.amount),
        outstanding=Money(terms.currency, state.outstanding),
        made_on=terms.made_on,
        due_on=terms.due_on,
        broken_on=terms.broken_on if state.is_broken(day) else None,
        note=note,
    )
