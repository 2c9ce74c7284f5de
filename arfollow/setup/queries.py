"""Reads of the first run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import Session

from arfollow.access import Role
from arfollow.companies.tables import BankAccount, Company
from arfollow.followup.tables import FollowUp
from arfollow.receivables.tables import Customer
from arfollow.setup.mail import MailServer, Result
from arfollow.setup.marks import DISMISSED, PLAN_CHOSEN, TRIED, step_skipped_by
from arfollow.setup.rules import Facts, Missing, Progress, Step, progress
from arfollow.setup.tables import SetupMark
from arfollow.users.tables import Membership, User

_PEOPLE = (
    select(func.count())
    .select_from(Membership)
    .join(User, User.id == Membership.user_id)
    .where(Membership.company_id == Company.id, User.active)
    .correlate(Company)
    .scalar_subquery()
)
_FACTS = select(
    Company.id,
    Company.street,
    Company.email,
    exists().where(BankAccount.company_id == Company.id).label("has_bank"),
    exists().where(Customer.company_id == Company.id).label("has_customers"),
    exists().where(FollowUp.company_id == Company.id).label("has_followed"),
    _PEOPLE.label("people"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTrial:
    """The last test message of a company. `result`: of `mail.Result` or a cause; `is_current`: the server is still the same."""

    result: str
    answer: str
    to: str
    who: str
    at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCompany:
    """A company that somebody administers, and how far it is set up."""

    id: int
    name: str
    country: str
    currency: str
    people: int
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSize:
    """What has been imported: how many customers, and the day that the open items stand for; None: no list of them was."""

    customers: int
    imported_on: date | None


def progress_of(session: Session, *, company_id: int, server: MailServer, is_demo: bool) -> Progress:
    """How far the company is set up. A demo's mail goes into files on purpose."""
    return _progress(session, [company_id], server, is_demo=is_demo)[company_id]


def own_companies(
    session: Session, *, user_id: int, server: MailServer, is_demo: bool
) -> Sequence[OwnCompany]:
    """The companies that the user administers, by name."""
    rows = session.execute(
        select(Company.id, Company.name, Company.country, Company.currency, _PEOPLE.label("people"))
        .join(Membership, Membership.company_id == Company.id)
        .where(Membership.user_id == user_id, Membership.role == Role.ADMINISTRATOR.value)
        .order_by(Company.name, Company.id)
    ).all()
    found = _progress(session, [row.id for row in rows], server, is_demo=is_demo)
    return [
        OwnCompany(
            id=row.id,
            name=row.name,
            country=row.country,
            currency=row.currency,
            people=row.people,
            progress=found[row.id],
        )
        for row in rows
    ]


def last_trial(session: Session, *, company_id: int, server: MailServer) -> LastTrial | None:
    """What the last test message came to; None: nobody has sent one."""
    mark = session.get(SetupMark, (company_id, TRIED))
    if mark is None:
        return None
    return LastTrial(
        result=mark.facts["result"],
        answer=mark.facts["answer"],
        to=mark.facts["to"],
        who=mark.who,
        at=mark.at,
        is_current=mark.facts["place"] == server.place,
    )


def ledger_size(session: Session, *, company_id: int) -> LedgerSize:
    """What of the company's ledger is here."""
    customers = select(func.count(Customer.id)).where(Customer.company_id == company_id)
    imported_on = select(Company.imported_on).where(Company.id == company_id)
    return LedgerSize(customers=session.scalar(customers) or 0, imported_on=session.scalar(imported_on))


def _progress(
    session: Session, company_ids: Collection[int], server: MailServer, *, is_demo: bool
) -> Mapping[int, Progress]:
    marks: dict[int, dict[str, Mapping[str, Any]]] = {company_id: {} for company_id in company_ids}
    of_these = select(SetupMark).where(SetupMark.company_id.in_(company_ids))
    for mark in session.scalars(of_these):
        marks[mark.company_id][mark.mark] = mark.facts
    rows = session.execute(_FACTS.where(Company.id.in_(company_ids)))
    return {row.id: progress(_facts(row, marks[row.id], server, is_demo=is_demo)) for row in rows}


def _facts(
    row: Row[Any], marks: Mapping[str, Mapping[str, Any]], server: MailServer, *, is_demo: bool
) -> Facts:
    entered = {
        Missing.ADDRESS: row.street != "",
        Missing.SENDER: row.email != "",
        Missing.BANK: row.has_bank,
    }
    return Facts(
        missing=tuple(each for each, is_there in entered.items() if not is_there),
        mail_works=_mail_works(marks.get(TRIED), server, is_demo=is_demo),
        has_customers=row.has_customers,
        plan_is_chosen=PLAN_CHOSEN in marks or row.has_followed,
        people=row.people,
        skipped=frozenset(step for step in Step if step_skipped_by(step) in marks),
        is_dismissed=DISMISSED in marks,
    )


def _mail_works(tried: Mapping[str, Any] | None, server: MailServer, *, is_demo: bool) -> bool:
    """Files reach nobody: what was written into them proves nothing, but for a demo."""
    if not server.is_server:
        return is_demo
    return tried is not None and tried["result"] == Result.ACCEPTED and tried["place"] == server.place
