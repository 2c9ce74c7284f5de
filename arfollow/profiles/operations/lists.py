"""Writes of lists: segments and campaigns, and many members at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import insert_into
from arfollow.profiles.operations.facts import find_list, tell_of
from arfollow.profiles.operations.sets import batches
from arfollow.profiles.tables import CustomerList, ListMember
from arfollow.receivables.operations.lookup import lock_customers, required
from arfollow.receivables.queries.customers import ids_by_number
from arfollow.receivables.rules.fields import line
from arfollow.values.refusals import N_, Quoted, Refusal

_MOST_ENTRIES = 1000
_users: list[Callable[[Session, int, str], Sequence[str]]] = []
_leavers: list[Callable[[Session, int], None]] = []


class ListNameTakenError(Refusal, ValueError):
    """There is a list of that name already."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("There is a list %(name)s already."), name=Quoted(name))


class ListInUseError(Refusal, ValueError):
    """The list is named by a workflow, and so keeps its name."""

    def __init__(self, name: str, workflows: Sequence[str]) -> None:
        super().__init__(
            N_("The list %(name)s is used by: %(workflows)s. Change that first."),
            name=Quoted(name),
            workflows=", ".join(workflows),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFields:
    """A list as it is to be; a campaign if it has a day. `time`: HH:MM or empty."""

    name: str
    day: dt.date | None = None
    time: str = ""
    place: str = ""
    map_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlisted:
    """What became of customer numbers: how many are on the list now and were not; those that nobody has."""

    added: int
    known: int
    unknown: tuple[str, ...]


def on_use_of_list(user: Callable[[Session, int, str], Sequence[str]]) -> None:
    """Register what tells the names of whatever uses a company's list of that name; `app.py` does."""
    if user not in _users:
        _users.append(user)


def on_deleted_list(leaver: Callable[[Session, int], None]) -> None:
    """Register what lets go of a list of that id which nobody uses any more, before it is deleted; `app.py` does."""
    if leaver not in _leavers:
        _leavers.append(leaver)


def uses_of(session: Session, *, company_id: int, name: str) -> Sequence[str]:
    """The names of whatever uses the list."""
    return [each for user in _users for each in user(session, company_id, name)]


def add_list(session: Session, *, company_id: int, fields: ListFields, who: str) -> int:
    """Make a list; gives its id. Raise ListNameTakenError, MissingTextError, FieldError."""
    cleaned = _cleaned(fields)
    _check_free(session, company_id, cleaned.name, but_id=None)
    row = CustomerList(company_id=company_id, **asdict(cleaned))
    session.add(row)
    session.flush()
    _record(session, row, "list:made", f"List “{row.name}” made", who, fields=_told(cleaned))
    return row.id


def change_list(session: Session, *, company_id: int, list_id: int, fields: ListFields, who: str) -> None:
    """Change a list; what is so already is not logged. Raise ListNameTakenError, ListInUseError, MissingTextError, FieldError."""
    row = _locked(session, company_id, list_id)
    cleaned = _cleaned(fields)
    before = ListFields(**{name: getattr(row, name) for name in asdict(cleaned)})
    if before == cleaned:
        return
    if before.name != cleaned.name:
        _check_free(session, company_id, cleaned.name, but_id=list_id)
        _check_unused(session, company_id, before.name)
    for name, value in asdict(cleaned).items():
        setattr(row, name, value)
    session.flush()
    text = f"List “{before.name}” changed"
    _record(session, row, "list:changed", text, who, before=_told(before), after=_told(cleaned))
    tell_of(session, _members(session, list_id))


def delete_list(session: Session, *, company_id: int, list_id: int, who: str) -> None:
    """Delete a list; its customers stay. Raise ListInUseError."""
    row = _locked(session, company_id, list_id)
    _check_unused(session, company_id, row.name)
    members = _members(session, list_id)
    session.execute(delete(ListMember).where(ListMember.list_id == list_id))
    for leave in _leavers:
        leave(session, list_id)
    _record(session, row, "list:deleted", f"List “{row.name}” deleted", who, members=len(members))
    session.delete(row)
    session.flush()
    tell_of(session, members)


def enlist(
    session: Session, *, company_id: int, list_id: int, numbers: Collection[str], on: dt.date, who: str
) -> Enlisted:
    """Put the customers of these numbers on the list, with one entry for all of them; numbers that nobody has are told."""
    row = _locked(session, company_id, list_id)
    ids = ids_by_number(session, company_id=company_id, numbers=numbers)
    added: list[int] = []
    for batch in batches(sorted(ids.values())):
        lock_customers(session, company_id=company_id, customer_ids=batch)
        values = [{"list_id": list_id, "customer_id": each, "since": on} for each in batch]
        added += session.scalars(
            insert_into(session, ListMember)
            .values(values)
            .on_conflict_do_nothing()
            .returning(ListMember.customer_id)
        ).all()
    if added:
        _record_enlisted(session, row, sorted(added), who)
        tell_of(session, sorted(added))
    unknown = tuple(number for number in numbers if number not in ids)
    return Enlisted(added=len(added), known=len(ids) - len(added), unknown=unknown)


def _record_enlisted(session: Session, row: CustomerList, added: Sequence[int], who: str) -> None:
    """An entry for each customer; for very many, one that says how many."""
    if len(added) > _MOST_ENTRIES:
        text = f"Put on the list “{row.name}”: {len(added)} customers"
        _record(session, row, "list:filled", text, who, customers=len(added))
        return
    for customer_id in added:
        record(
            session,
            company_id=row.company_id,
            customer_id=customer_id,
            tag="list:added",
            who=who,
            text=f"On the list “{row.name}”",
            facts={"list": row.id},
        )


def _members(session: Session, list_id: int) -> Sequence[int]:
    return session.scalars(
        select(ListMember.customer_id).where(ListMember.list_id == list_id).order_by(ListMember.customer_id)
    ).all()


def _cleaned(fields: ListFields) -> ListFields:
    return ListFields(
        name=required(line(fields.name), N_("the list's name")),
        day=fields.day,
        time=fields.time,
        place=line(fields.place),
        map_link=fields.map_link.strip(),
    )


def _check_free(session: Session, company_id: int, name: str, *, but_id: int | None) -> None:
    found = session.scalar(
        select(CustomerList.id).where(
            CustomerList.company_id == company_id, func.lower(CustomerList.name) == name.lower()
        )
    )
    if found is None:
        found = find_list(session, company_id=company_id, name=name)
    if found is not None and found != but_id:
        raise ListNameTakenError(name)


def _check_unused(session: Session, company_id: int, name: str) -> None:
    workflows = uses_of(session, company_id=company_id, name=name)
    if workflows:
        raise ListInUseError(name, workflows)


def _locked(session: Session, company_id: int, list_id: int) -> CustomerList:
    return session.scalars(
        select(CustomerList)
        .where(CustomerList.id == list_id, CustomerList.company_id == company_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _record(session: Session, row: CustomerList, tag: str, text: str, who: str, **facts: object) -> None:
    record(
        session,
        company_id=row.company_id,
        customer_id=None,
        tag=tag,
        who=who,
        text=text,
        facts={"list": row.id, **facts},
    )


def _told(fields: ListFields) -> dict[str, object]:
    return {name: str(value or "") for name, value in asdict(fields).items()}
