"""The statements that load accounts, each asked with `ids`, the customers, and `day`.

They are made once: to build them anew would take longer than to run them.
"""

from __future__ import annotations

from sqlalchemy import Date, bindparam, exists, func, or_, select, union_all

from arfollow.bulk import one_of
from arfollow.receivables.tables import (
    Allocation,
    Credit,
    Dispute,
    Hold,
    Instalment,
    Invoice,
    Promise,
    PromiseItem,
)

_DAY = bindparam("day", type_=Date())

_PROMISES_OF_THESE = one_of(Promise.customer_id, "ids")
_SETTLEMENT = (
    Allocation.date.label("settled_from"),
    Allocation.ended_on.label("settled_until"),
    Allocation.amount.label("settled_amount"),
)
_WANTED_ITEMS = union_all(
    select(Instalment.id).where(
        one_of(Instalment.customer_id, "ids"),
        or_(Instalment.settled_on.is_(None), Instalment.settled_on > _DAY),
    ),
    select(PromiseItem.instalment_id).join(Promise).where(_PROMISES_OF_THESE),
)
# With what settles them in the same statement: two would see different moments while a payment comes in.
ITEMS = (
    select(
        Instalment.id,
        Instalment.customer_id,
        Instalment.number,
        Instalment.due_date,
        Instalment.amount,
        Invoice.number.label("invoice"),
        Invoice.date.label("invoice_date"),
        Invoice.currency,
        *_SETTLEMENT,
    )
    .join(Invoice, Invoice.id == Instalment.invoice_id)
    .outerjoin(Allocation, Allocation.instalment_id == Instalment.id)
    .where(Instalment.id.in_(_WANTED_ITEMS), Invoice.date <= _DAY)
)
_SINCE_A_PROMISE = exists().where(Promise.customer_id == Credit.customer_id, Promise.made_on <= Credit.date)
_WANTED_CREDITS = union_all(
    select(Credit.id).where(
        one_of(Credit.customer_id, "ids"), or_(Credit.used_up_on.is_(None), Credit.used_up_on > _DAY)
    ),
    select(Credit.id).where(one_of(Credit.customer_id, "ids"), _SINCE_A_PROMISE),
)
CREDITS = (
    select(
        Credit.id,
        Credit.customer_id,
        Credit.date,
        Credit.currency,
        Credit.amount,
        Credit.reversed_on,
        *_SETTLEMENT,
    )
    .outerjoin(Allocation, Allocation.credit_id == Credit.id)
    .where(Credit.id.in_(_WANTED_CREDITS), Credit.date <= _DAY)
)
PROMISES = (
    select(
        Promise.id,
        Promise.customer_id,
        Promise.currency,
        Promise.amount,
        Promise.made_on,
        Promise.due_on,
        Promise.grace_days,
        Promise.cancelled_on,
        PromiseItem.instalment_id,
    )
    .outerjoin(PromiseItem, PromiseItem.promise_id == Promise.id)
    .where(_PROMISES_OF_THESE)
    .order_by(Promise.id)
)
DISPUTES = (
    select(Dispute.customer_id, Dispute.instalment_id, Dispute.opened_on, Dispute.amount, Dispute.resolved_on)
    .where(one_of(Dispute.customer_id, "ids"), or_(Dispute.resolved_on.is_(None), Dispute.resolved_on > _DAY))
    .order_by(Dispute.id)
)
HOLDS = select(Hold.customer_id, Hold.instalment_id, Hold.set_on, Hold.until, Hold.released_on).where(
    one_of(Hold.customer_id, "ids"),
    or_(Hold.released_on.is_(None), Hold.released_on > _DAY),
    or_(Hold.until.is_(None), Hold.until >= _DAY),
)
_ALLOCATED = select(Instalment.customer_id, Allocation.date.label("day")).join(
    Allocation, Allocation.instalment_id == Instalment.id
)
_LATER = union_all(
    select(Invoice.customer_id, Invoice.date.label("day")).where(
        one_of(Invoice.customer_id, "ids"), Invoice.date > _DAY
    ),
    select(Credit.customer_id, Credit.date).where(one_of(Credit.customer_id, "ids"), Credit.date > _DAY),
    select(Credit.customer_id, Credit.reversed_on).where(
        one_of(Credit.customer_id, "ids"), Credit.reversed_on > _DAY
    ),
    select(Hold.customer_id, Hold.set_on).where(one_of(Hold.customer_id, "ids"), Hold.set_on > _DAY),
    _ALLOCATED.where(
        one_of(Instalment.customer_id, "ids"),
        or_(Instalment.settled_on.is_(None), Instalment.settled_on > _DAY),
        Allocation.date > _DAY,
    ),
    _ALLOCATED.with_only_columns(Instalment.customer_id, Allocation.ended_on).where(
        one_of(Instalment.customer_id, "ids"), Allocation.ended_on > _DAY
    ),
).subquery()
DATED_LATER = select(_LATER.c.customer_id, func.min(_LATER.c.day)).group_by(_LATER.c.customer_id)
