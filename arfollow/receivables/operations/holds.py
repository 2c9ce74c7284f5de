"""Holds: set, release."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import touch
from arfollow.receivables.operations.lookup import claim_of, item_name, item_of, lock_customer, required
from arfollow.receivables.tables import Customer, Hold
from arfollow.values.days import spelled
from arfollow.values.refusals import N_, Refusal


class HoldDatesError(Refusal, ValueError):
    """A hold cannot end before it begins."""

    def __init__(self, until: date, on: date) -> None:
        super().__init__(N_("The hold cannot end on %(until)s: that is before %(day)s."), until=until, day=on)


class NoHoldError(Refusal, LookupError):
    """There is no such hold in force."""

    def __init__(self) -> None:
        super().__init__(N_("This hold is not in force any more."))


def set_hold(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    instalment_id: int | None = None,
    reason: str,
    until: date | None = None,
    on: date,
    who: str,
) -> int:
    """No follow-up from that day up to and including `until` (None: until released), of the item or the whole customer.

    It takes the place of an earlier hold on the same. Gives its id. Raise HoldDatesError, MissingTextError, UnknownItemError.
    """
    reason = required(reason, N_("a reason for the hold"))
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    name = _name(session, customer, instalment_id)
    if until is not None and until < on:
        raise HoldDatesError(until, on)
    for earlier in _in_force(session, customer_id, instalment_id, on):
        earlier.released_on = on
    hold = Hold(
        company_id=company_id,
        customer_id=customer_id,
        instalment_id=instalment_id,
        reason=reason,
        set_on=on,
        until=until,
    )
    session.add(hold)
    session.flush()
    last = f" until {spelled(until)}" if until else ""
    _record(session, hold, "hold:set", f"Hold on {name}{last}: {reason}", who)
    return hold.id


def release_hold(
    session: Session, *, company_id: int, customer_id: int, hold_id: int, on: date, who: str
) -> None:
    """End a hold: the day itself is free again. Raise NoHoldError when it has ended before, or is another customer's."""
    customer = lock_customer(session, company_id=company_id, customer_id=customer_id)
    hold = claim_of(session, Hold, customer=customer, claim_id=hold_id)
    if hold is None or hold.released_on is not None or (hold.until is not None and hold.until < on):
        raise NoHoldError
    hold.released_on = on
    name = _name(session, customer, hold.instalment_id)
    _record(session, hold, "hold:released", f"Hold on {name} released", who)


def _in_force(session: Session, customer_id: int, instalment_id: int | None, on: date) -> list[Hold]:
    return list(
        session.scalars(
            select(Hold).where(
                Hold.customer_id == customer_id,
                Hold.instalment_id.is_(None)
                if instalment_id is None
                else Hold.instalment_id == instalment_id,
                Hold.released_on.is_(None),
                Hold.until.is_(None) | (Hold.until >= on),
            )
        )
    )


def _name(session: Session, customer: Customer, instalment_id: int | None) -> str:
    if instalment_id is None:
        return "the customer"
    instalment, invoice = item_of(session, customer=customer, instalment_id=instalment_id)
    return item_name(invoice, instalment)


def _record(session: Session, hold: Hold, tag: str, text: str, who: str) -> None:
    record(
        session,
        company_id=hold.company_id,
        customer_id=hold.customer_id,
        tag=tag,
        who=who,
        text=text,
        facts={"hold": hold.id, "item": hold.instalment_id, "until": hold.until},
        personal={"reason": hold.reason},
    )
    touch(session, [hold.customer_id])
