"""Writes of profiles. A change of a customer's own is an entry in its chatter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import record
from arfollow.database import insert_into, touch
from arfollow.profiles import rules
from arfollow.profiles.tables import Consent, CustomerEvent, CustomerField, CustomerList, ListMember
from arfollow.receivables.operations.lookup import lock_customer, required
from arfollow.receivables.rules.fields import line
from arfollow.values.refusals import N_, Refusal

_listeners: list[Callable[[Session, Sequence[int]], None]] = []
_erasers: list[Callable[[Session, int], None]] = []


class UnknownListError(Refusal, LookupError):
    """There is no such list in this company."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("There is no list “%(name)s” in this company."), name=name)


@dataclass(frozen=True, slots=True)
class _Of:
    """Whose profile is written, and by whom."""

    company_id: int
    customer_id: int
    who: str

    def tell(self, session: Session, tag: str, text: str, **facts: object) -> None:
        record(
            session,
            company_id=self.company_id,
            customer_id=self.customer_id,
            tag=tag,
            who=self.who,
            text=text,
            facts=facts,
        )
        touch(session, [self.customer_id])
        tell_of(session, [self.customer_id])


def on_change(listener: Callable[[Session, Sequence[int]], None]) -> None:
    """Register what is told, in the transaction, of customers to whom something happened or of whom more is known; `app.py` does."""
    if listener not in _listeners:
        _listeners.append(listener)


def set_field(
    session: Session, *, company_id: int, customer_id: int, name: str, value: str, who: str
) -> None:
    """Set a field of the company's own; empty text takes it away. Raise ProfileError, FieldError."""
    name = rules.field_name(name)
    cleaned, day = rules.value_of(value)
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    field = session.get(CustomerField, (customer_id, name), populate_existing=True)
    before = field.value if field else ""
    if before == cleaned:
        return
    if not cleaned:
        session.delete(field)
    elif field is None:
        session.add(
            CustomerField(customer_id=customer_id, name=name, company_id=company_id, value=cleaned, day=day)
        )
    else:
        field.value, field.day = cleaned, day
    _Of(company_id, customer_id, who).tell(
        session, "field:changed", f"{name}: {before or '–'} → {cleaned or '–'}", field=name
    )


def add_to_list(
    session: Session, *, company_id: int, customer_id: int, name: str, on: date, who: str
) -> bool:
    """Put a customer on the list of that name, which is made if it is new; whether it was not there before."""
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    list_id = make_list(session, company_id=company_id, name=name)
    added = session.scalar(
        insert_into(session, ListMember)
        .values(list_id=list_id, customer_id=customer_id, since=on)
        .on_conflict_do_nothing()
        .returning(ListMember.customer_id)
    )
    if added is None:
        return False
    _Of(company_id, customer_id, who).tell(session, "list:added", f"On the list “{name}”", list=list_id)
    return True


def remove_from_list(session: Session, *, company_id: int, customer_id: int, name: str, who: str) -> bool:
    """Take a customer off a list; whether it was on it. Raise UnknownListError."""
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    list_id = find_list(session, company_id=company_id, name=line(name))
    if list_id is None:
        raise UnknownListError(name)
    gone = session.execute(
        delete(ListMember)
        .where(ListMember.list_id == list_id, ListMember.customer_id == customer_id)
        .returning(ListMember.customer_id)
    ).first()
    if gone is None:
        return False
    _Of(company_id, customer_id, who).tell(session, "list:removed", f"Off the list “{name}”", list=list_id)
    return True


def make_list(session: Session, *, company_id: int, name: str) -> int:
    """The id of the company's list of that name, which is made if it is new. Raise MissingTextError, FieldError."""
    name = required(line(name), "the list's name")
    session.execute(
        insert_into(session, CustomerList)
        .values(company_id=company_id, name=name)
        .on_conflict_do_nothing(index_elements=[CustomerList.company_id, CustomerList.name])
    )
    return session.scalars(
        select(CustomerList.id).where(CustomerList.company_id == company_id, CustomerList.name == name)
    ).one()


def find_list(session: Session, *, company_id: int, name: str) -> int | None:
    """The id of the company's list of that name; None: there is none."""
    return session.scalar(
        select(CustomerList.id).where(CustomerList.company_id == company_id, CustomerList.name == name)
    )


def consent(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    channel: str,
    given: bool,
    source: str,
    who: str,
) -> None:
    """Note that a customer agreed to marketing by a channel, or objected. Raise ProfileError."""
    channel = rules.channel(channel)
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    known = session.get(Consent, (customer_id, channel), populate_existing=True)
    if known is not None and known.given is given:
        return
    values = {"given": given, "at": clock.now(), "source": line(source)}
    if known is None:
        session.add(Consent(customer_id=customer_id, channel=channel, **values))
    else:
        for name, value in values.items():
            setattr(known, name, value)
    words = "agreed to" if given else "objected to"
    _Of(company_id, customer_id, who).tell(
        session,
        "consent:given" if given else "consent:withdrawn",
        f"Customer {words} marketing by {channel}: {source}",
        channel=channel,
        given=given,
    )


def record_event(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    kind: str,
    at: datetime,
    key: str = "",
    of: str = "",
    data: Mapping[str, rules.Data] | None = None,
    who: str,
    logged: bool = False,
) -> bool:
    """Note that something happened to a customer (`at`: an aware instant); whether it is new. Raise ProfileError.

    Without a key its instant tells it from others of its kind: the same one told twice is one. `logged`: an entry of the chatter
    says so already, and needs no other beside it.
    """
    kind = rules.field_name(kind)
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    added = session.scalar(
        insert_into(session, CustomerEvent)
        .values(
            company_id=company_id,
            customer_id=customer_id,
            kind=kind,
            key=rules.event_key(key) or at.astimezone(UTC).isoformat(),
            at=at,
            of=of,
            data=dict(rules.checked_data(dict(data or {}))),
        )
        .on_conflict_do_nothing()
        .returning(CustomerEvent.id)
    )
    if added is None:
        return False
    if logged:
        touch(session, [customer_id])
        tell_of(session, [customer_id])
    else:
        _Of(company_id, customer_id, who).tell(session, "event:noted", f"Event: {kind}", event=kind, id=added)
    return True


def tell_of(session: Session, customer_ids: Sequence[int]) -> None:
    """Tell whoever listens that these customers' profiles changed; an import calls it once for all its rows."""
    for listener in _listeners:
        listener(session, customer_ids)


def on_erase(eraser: Callable[[Session, int], None]) -> None:
    """Register what else goes when a customer's profile does; `app.py` does."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def erase_profile(session: Session, *, customer_id: int) -> None:
    """Delete what is known of a customer beside its account; that it objected to marketing stays."""
    for table in (CustomerField, CustomerEvent, ListMember):
        session.execute(delete(table).where(table.customer_id == customer_id))
    session.execute(delete(Consent).where(Consent.customer_id == customer_id, Consent.given))
    session.execute(update(Consent).where(Consent.customer_id == customer_id).values(source=""))
    for eraser in _erasers:
        eraser(session, customer_id)
