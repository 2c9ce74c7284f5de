"""Takes the last import back, where nothing depends on it: what it made goes, what it changed is as it was before."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.bulk import one_of
from arfollow.chatter.documents import DocumentErasedError, DocumentMissingError, read
from arfollow.chatter.operations import record
from arfollow.chatter.tables import ChatterEntry, ChatterEntryDocument
from arfollow.companies.operations import set_imported_on
from arfollow.exchange.event_entering import EVENT, events_of
from arfollow.exchange.own_fields import load_own, own_of
from arfollow.exchange.recording import OPEN_ITEMS, last_as_of
from arfollow.exchange.report import paired_totals, shown_columns
from arfollow.exchange.restoring import take_back
from arfollow.profiles.operations import tell_of
from arfollow.profiles.operations.sets import take_events_back
from arfollow.receivables.operations.books import owner_of
from arfollow.receivables.queries.aging import open_totals
from arfollow.receivables.queries.books import load_books, lock_accounts
from arfollow.receivables.rules.books import (
    BookCustomer,
    Books,
    Entry,
)
from arfollow.receivables.tables import LedgerImport
from arfollow.values.money import plain
from arfollow.values.refusals import N_, Count, Refusal, Remark, Term

MOST = 600_000
"""Changes that are taken back at once."""

_APPLIED = " → "
_WORDS = {
    "allocation": N_("cash applied"),
    "call": N_("a call"),
    "consent": N_("a consent"),
    "contact": N_("a contact changed"),
    "credit": N_("a credit applied or changed"),
    "customer": N_("the customer changed"),
    "dispute": N_("a dispute"),
    "email": N_("an e-mail"),
    "event": N_("an event"),
    "field": N_("a field changed"),
    "follow-up": N_("a follow-up"),
    "hold": N_("a hold"),
    "letter": N_("a letter"),
    "list": N_("a list"),
    "note": N_("a note"),
    "plan": N_("another plan"),
    "promise": N_("a promise"),
    "reminder": N_("a reminder"),
    "statement": N_("a statement"),
    "task": N_("a task"),
    "todo": N_("a to-do"),
    "workflow": N_("a workflow"),
}
_EXAMPLES = 3
_BATCH = 500


class NotUndoneError(Refusal, ValueError):
    """The import stays as it is; the message says what depends on it."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of the import: of what, from what to what; `before` None: it was new."""

    kind: str
    key: str
    customer: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


def undo_import(session: Session, *, company_id: int, ledger_import_id: int, who: str) -> None:
    """Take the company's last import back, with a chatter entry, in a transaction that writes. Raise NotUndoneError."""
    lock_accounts(session, company_id=company_id, customers=None)
    # Read only now: an import that was waited for is the last one.
    row = _last(session, company_id, ledger_import_id)
    facts: Mapping[str, Any] = row.facts or {}
    if facts["brought"]:
        raise NotUndoneError(
            N_("Customers were given plans or levels by this import, and follow-ups go by them already.")
        )
    steps = _steps(session, facts["documents"])
    books = _books(session, company_id, steps)
    events = [step for step in steps if step.kind == EVENT]
    pairs = _as_left(books, [step for step in steps if step.kind != EVENT])
    owners = [owner_of(entry) for _, entry in pairs]
    owners += [books.customers[step.customer] for step in events if step.customer in books.customers]
    _check_untouched(session, company_id, owners, facts["documents"])
    _take_events_back(session, company_id, events, books)
    day = dt.date.fromisoformat(facts["day"])
    before = open_totals(session, company_id=company_id, day=day)
    take_back(session, books, [(entry, step.before) for step, entry in pairs], company_id=company_id)
    made = {entry.id for step, entry in pairs if step.before is None and isinstance(entry, BookCustomer)}
    tell_of(session, sorted({owner.id for owner in owners if owner.id is not None} - made))
    row.undone_at, row.undone_by = clock.now(), who
    session.flush()
    if row.kind == OPEN_ITEMS:
        set_imported_on(session, company_id=company_id, on=last_as_of(session, company_id=company_id))
    after = open_totals(session, company_id=company_id, day=day)
    names = ", ".join(file["name"] for file in facts["files"])
    totals = "; ".join(
        f"{now.currency} open {plain(was.amount, was.currency)} → {plain(now.amount, now.currency)}"
        for was, now in paired_totals(before, after)
    )
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="ledger:import-undone",
        who=who,
        text=f"Import of {names} undone. {totals}".strip(),
        facts={"import": row.id, "changes": len(steps)},
        documents=facts["documents"],
    )


def _last(session: Session, company_id: int, ledger_import_id: int) -> LedgerImport:
    row = session.scalar(
        select(LedgerImport)
        .where(LedgerImport.company_id == company_id, LedgerImport.undone_at.is_(None))
        .order_by(LedgerImport.id.desc())
        .limit(1)
    )
    if row is None or row.id != ledger_import_id:
        raise NotUndoneError(N_("It is not the last import any more; only that one can be undone."))
    if not row.facts:
        raise NotUndoneError(N_("It was made before imports kept what is needed to undo them."))
    return row


def _steps(session: Session, documents: Sequence[str]) -> list[_Step]:
    steps: list[_Step] = []
    for sha256 in documents:
        try:
            content = json.loads(read(session, sha256=sha256).content)
        except (DocumentErasedError, DocumentMissingError):
            raise NotUndoneError(
                N_("What it changed was erased since, with a customer's personal data.")
            ) from None
        steps += map(_step, content["changes"])
        if len(steps) > MOST:
            raise NotUndoneError(
                N_("It changed more than %(most)s things; that many are not taken back at once."),
                most=Count(MOST),
            )
    return [*_once(steps)]


def _once(steps: Iterable[_Step]) -> Iterator[_Step]:
    """What was changed in two parts of the import, from what it was at first to what it became at last."""
    found: dict[object, _Step] = {}
    for number, step in enumerate(steps):
        # Allocations of the same credit to the same item are different ones.
        key = number if step.kind == "allocation" else (step.kind, step.key)
        first = found.get(key)
        found[key] = step if first is None else replace(step, before=first.before)
    yield from found.values()


def _step(change: Mapping[str, Any]) -> _Step:
    kind = next(iter(change))
    return _Step(kind, change[kind], change.get("customer", ""), change["before"], change["after"])


def _books(session: Session, company_id: int, steps: Sequence[_Step]) -> Books:
    """Everything that the import has touched, with all that is applied to it and of it."""
    customers: set[str] = set()
    invoices: set[str] = set()
    credits_: set[str] = set()
    for step in steps:
        customers.add(step.key if step.kind == "customer" else step.customer)
        customers.add(str((step.before or {}).get("parent", "")))
        if step.kind == "invoice":
            invoices.add(step.key)
        elif step.kind == "credit":
            credits_.add(_number(step.key))
        elif step.kind == "instalment":
            invoices.add(_invoice(step.key))
        elif step.kind == "allocation":
            credit, _, item = step.key.partition(_APPLIED)
            credits_.add(_number(credit))
            invoices.add(_invoice(item))
    books = load_books(
        session, company_id=company_id, customers=customers - {""}, invoices=invoices, credits_=credits_
    )
    load_own(
        session,
        books,
        {step.key: own for step in steps if step.kind == "customer" and (own := own_of(step.after))},
    )
    return books


def _take_events_back(session: Session, company_id: int, events: Sequence[_Step], books: Books) -> None:
    """Remove the events that came with the import, all of them. Raise NotUndoneError."""
    ids = {number: customer.id or 0 for number, customer in books.customers.items()}
    told_by = [*events_of([(step.customer, step.after) for step in events], ids)]
    if take_events_back(session, company_id=company_id, told_by=told_by) != len(events):
        raise NotUndoneError(N_("Changed since: %(what)s."), what=Term(N_("events of customers")))


def _number(credit: str) -> str:
    return credit.partition(" ")[2]


def _invoice(item: str) -> str:
    return item.rpartition("/")[0]


def _as_left(books: Books, steps: Sequence[_Step]) -> list[tuple[_Step, Entry]]:
    """Each step with its entry, which has to be as the import has left it. Raise NotUndoneError."""
    known: dict[tuple[str, str], list[Entry]] = {}
    for entry in books.entries:
        known.setdefault((entry.KIND, entry.key), []).append(entry)
    pairs: list[tuple[_Step, Entry]] = []
    changed: list[str] = []
    for step in steps:
        entries = known.get((step.kind, step.key), [])
        left = next((each for each in entries if _is_as_left(each, step.after)), None)
        if left is None:
            changed.append(step.key)
        else:
            entries.remove(left)
            pairs.append((step, left))
    if changed:
        raise NotUndoneError(N_("Changed since: %(what)s."), what=_some(changed))
    return pairs


def _is_as_left(entry: Entry, after: Mapping[str, Any]) -> bool:
    # An import from before a column was kept says nothing of it.
    columns = {name: value for name, value in shown_columns(entry).items() if name in after}
    if isinstance(entry, BookCustomer) and entry.responsible_by_rule:
        # Whoever the rules say: they choose anew whenever they or the customer change.
        columns = {**columns, "responsible_id": after["responsible_id"]}
    return columns == after


def _check_untouched(
    session: Session, company_id: int, customers: Iterable[BookCustomer], documents: Sequence[str]
) -> None:
    """Whatever happens with a customer is an entry: after the import there must be none. Raise NotUndoneError."""
    own = ChatterEntry.company_id == company_id
    since = session.scalar(
        select(func.max(ChatterEntryDocument.sequence)).where(
            ChatterEntryDocument.company_id == company_id, ChatterEntryDocument.sha256 == documents[-1]
        )
    )
    owners = {owner.id: owner.number for owner in customers if owner.id is not None}
    happened: Counter[str] = Counter()
    names: set[str] = set()
    for some in _batches(sorted(owners)):
        rows = session.execute(
            select(ChatterEntry.tag, ChatterEntry.customer_id).where(
                own, ChatterEntry.sequence > (since or 0), one_of(ChatterEntry.customer_id, some)
            )
        )
        for tag, customer_id in rows:
            happened[tag.partition(":")[0]] += 1
            names.add(owners[customer_id or 0])
    if happened:
        raise NotUndoneError(
            N_("Since then there was, with customer %(names)s: %(what)s."),
            names=_some(sorted(names)),
            what=tuple(
                Remark(N_("%(what)s (%(count)s)"), what=Term(_WORDS.get(subject, subject)), count=count)
                for subject, count in happened.most_common()
            ),
        )


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))


def _some(names: Sequence[str]) -> str:
    some = ", ".join(names[:_EXAMPLES])
    if len(names) <= _EXAMPLES:
        return some
    return Remark(N_("%(some)s and %(count)s more"), some=some, count=len(names) - _EXAMPLES)
