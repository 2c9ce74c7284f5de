"""What keeps a customer's items from being chased: holds, disputes, promises."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, Integer, bindparam, or_, select
from sqlalchemy.orm import Session

from arfollow.receivables.queries.accounts import accounts
from arfollow.receivables.rules.accounts import Account
from arfollow.receivables.rules.promises import PromiseState
from arfollow.receivables.tables import Dispute, Hold, Instalment, Invoice, Promise, PromiseItem

_COMPANY = bindparam("company_id", type_=Integer())
_CUSTOMER = bindparam("customer_id", type_=Integer())
_DAY = bindparam("day", type_=Date())
# Made once: to build them anew would take longer than to run them.
_HOLDS = (
    select(Hold, Invoice.number, Instalment.number)
    .outerjoin(Instalment, Instalment.id == Hold.instalment_id)
    .outerjoin(Invoice, Invoice.id == Instalment.invoice_id)
    .where(
        Hold.company_id == _COMPANY,
        Hold.customer_id == _CUSTOMER,
        Hold.set_on <= _DAY,
        or_(Hold.released_on.is_(None), Hold.released_on > _DAY),
        or_(Hold.until.is_(None), Hold.until >= _DAY),
    )
    .order_by(Hold.instalment_id.is_not(None), Hold.set_on, Hold.id)
)
_DISPUTES = (
    select(Dispute, Invoice.number, Invoice.currency, Instalment.number)
    .join(Instalment, Instalment.id == Dispute.instalment_id)
    .join(Invoice, Invoice.id == Instalment.invoice_id)
    .where(
        Dispute.company_id == _COMPANY,
        Dispute.customer_id == _CUSTOMER,
        Dispute.opened_on <= _DAY,
        or_(Dispute.resolved_on.is_(None), Dispute.resolved_on > _DAY),
    )
    .order_by(Dispute.opened_on, Dispute.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLine:
    """A hold in force, on an item or (`instalment_id` None) on the customer; `until` is its last day."""

    id: int
    instalment_id: int | None
    invoice: str
    instalment: int
    reason: str
    set_on: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeLine:
    """An open dispute about an item, or about `amount` of it (minor units)."""

    id: int
    instalment_id: int
    invoice: str
    instalment: int
    currency: str
    amount: int | None
    reason: str
    opened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """A promise and what has become of it by the day: open, kept, broken or cancelled. Amounts in minor units."""

    id: int
    currency: str
    amount: int
    outstanding: int
    made_on: date
    due_on: date
    note: str
    state: str
    kept_on: date | None
    broken_on: date
    items: tuple[tuple[str, int], ...]


def holds(session: Session, *, company_id: int, customer_id: int, day: date) -> Sequence[HoldLine]:
    """Holds in force on the day, the customer's own first."""
    rows = session.execute(_HOLDS, {"company_id": company_id, "customer_id": customer_id, "day": day})
    return [
        HoldLine(
            id=hold.id,
            instalment_id=hold.instalment_id,
            invoice=invoice or "",
            instalment=instalment or 0,
            reason=hold.reason,
            set_on=hold.set_on,
            until=hold.until,
        )
        for hold, invoice, instalment in rows
    ]


def disputes(session: Session, *, company_id: int, customer_id: int, day: date) -> Sequence[DisputeLine]:
    """Disputes open on the day, oldest first."""
    rows = session.execute(_DISPUTES, {"company_id": company_id, "customer_id": customer_id, "day": day})
    return [
        DisputeLine(
            id=dispute.id,
            instalment_id=dispute.instalment_id,
            invoice=invoice,
            instalment=instalment,
            currency=currency,
            amount=dispute.amount,
            reason=dispute.reason,
            opened_on=dispute.opened_on,
        )
        for dispute, invoice, currency, instalment in rows
    ]


def promises(
    session: Session, *, company_id: int, customer_id: int, day: date, account: Account | None = None
) -> Sequence[PromiseLine]:
    """All promises made by the day with their states on it, newest first; `account`: the customer's on the day, if known."""
    account = account or accounts(session, customer_ids=[customer_id], day=day)[customer_id]
    states = {state.terms.id: state for state in account.promises}
    if not states:
        return ()
    rows = session.scalars(
        select(Promise)
        .where(Promise.company_id == company_id, Promise.customer_id == customer_id, Promise.made_on <= day)
        .order_by(Promise.made_on.desc(), Promise.id.desc())
    ).all()
    items = _promise_items(session, [row.id for row in rows])
    return [_promise_line(row, states[row.id], items.get(row.id, ()), day) for row in rows]


def _promise_line(
    row: Promise, state: PromiseState, items: Sequence[tuple[str, int]], day: date
) -> PromiseLine:
    return PromiseLine(
        id=row.id,
        currency=row.currency,
        amount=row.amount,
        outstanding=state.outstanding,
        made_on=row.made_on,
        due_on=row.due_on,
        note=row.note,
        state=_state(state, day),
        kept_on=state.kept_on,
        broken_on=state.terms.broken_on,
        items=tuple(items),
    )


def _state(state: PromiseState, day: date) -> str:
    if state.kept_on is not None:
        return "kept"
    if state.is_open(day):
        return "open"
    return "broken" if state.is_broken(day) else "cancelled"


def _promise_items(session: Session, promise_ids: Collection[int]) -> Mapping[int, Sequence[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = {}
    rows = session.execute(
        select(PromiseItem.promise_id, Invoice.number, Instalment.number)
        .join(Instalment, Instalment.id == PromiseItem.instalment_id)
        .join(Invoice, Invoice.id == Instalment.invoice_id)
        .where(PromiseItem.promise_id.in_(promise_ids))
        .order_by(Instalment.due_date, Invoice.number, Instalment.number)
    )
    for promise_id, invoice, instalment in rows:
        found.setdefault(promise_id, []).append((invoice, instalment))
    return found
