"""Writes of who is away, and who stands in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.users.tables import Absence, Membership, User
from arfollow.values.refusals import N_, Refusal


class UnknownAbsenceError(LookupError):
    """There is no such absence in this company."""

    def __init__(self) -> None:
        super().__init__("There is no such absence (any more).")


class AbsenceError(Refusal, ValueError):
    """The absence cannot be entered; the message says why."""


def enter_absence(
    session: Session,
    *,
    company_id: int,
    user_id: int,
    stand_in_id: int,
    first_day: date,
    last_day: date,
    today: date,
    who: str,
) -> int:
    """Enter that a user is away, and who stands in; gives its id. Raise AbsenceError."""
    names = _members(session, company_id, user_id, stand_in_id)
    if last_day < first_day:
        raise AbsenceError(N_("The last day comes before the first one."))
    if last_day < today:
        raise AbsenceError(N_("These days are over already."))
    overlap = select(Absence.id).where(
        Absence.company_id == company_id,
        Absence.user_id == user_id,
        Absence.first_day <= last_day,
        Absence.last_day >= first_day,
    )
    if session.scalar(overlap.limit(1)) is not None:
        raise AbsenceError(
            N_("%(name)s is entered as away on some of these days already."), name=names[user_id]
        )
    absence = Absence(
        company_id=company_id,
        user_id=user_id,
        stand_in_id=stand_in_id,
        first_day=first_day,
        last_day=last_day,
    )
    session.add(absence)
    session.flush()
    _record(session, absence, names, tag="absence:entered", who=who)
    return absence.id


def remove_absence(session: Session, *, company_id: int, absence_id: int, who: str) -> None:
    """Take an absence away; raise UnknownAbsenceError."""
    absence = session.get(Absence, absence_id)
    if absence is None or absence.company_id != company_id:
        raise UnknownAbsenceError
    rows = session.execute(
        select(User.id, User.name).where(User.id.in_([absence.user_id, absence.stand_in_id]))
    )
    names = {row.id: row.name for row in rows}
    session.delete(absence)
    _record(session, absence, names, tag="absence:removed", who=who)


def _members(session: Session, company_id: int, user_id: int, stand_in_id: int) -> Mapping[int, str]:
    if user_id == stand_in_id:
        raise AbsenceError(N_("Nobody can stand in for themselves: choose a colleague."))
    # Held, so that two absences of one person are looked at one after the other.
    rows = session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.company_id == company_id, User.id.in_([user_id, stand_in_id]), User.active)
        .order_by(User.id)
        .with_for_update(of=Membership)
    )
    names = {row.id: row.name for row in rows}
    if len(names) != 2:  # noqa: PLR2004 - who is away and who stands in
        raise AbsenceError(N_("Both have to work in this company."))
    return names


def _record(session: Session, absence: Absence, names: Mapping[int, str], *, tag: str, who: str) -> None:
    first, last = absence.first_day.isoformat(), absence.last_day.isoformat()
    record(
        session,
        company_id=absence.company_id,
        customer_id=None,
        tag=tag,
        who=who,
        text=f"{names[absence.user_id]} away {first} to {last}, {names[absence.stand_in_id]} stands in",
        facts={
            "user": absence.user_id,
            "stand_in": absence.stand_in_id,
            "first_day": first,
            "last_day": last,
        },
    )
