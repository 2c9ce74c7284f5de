"""Imports: reads files, enters them into the books, writes what has changed, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.exchange import go_live
from arfollow.exchange.go_live import GoLive
from arfollow.exchange.posting.credits import post_credits
from arfollow.exchange.posting.customers import post_customers
from arfollow.exchange.posting.invoices import post_invoices
from arfollow.exchange.posting.journal import Journal
from arfollow.exchange.posting.open_items import Gone, post_open_items
from arfollow.exchange.problems import Problems
from arfollow.exchange.recording import ImportedFile, last_as_of, record_import
from arfollow.exchange.report import Report, counts
from arfollow.exchange.rows import Rows
from arfollow.exchange.translating import File, Progress, Reading, read_files
from arfollow.receivables.operations.books import write_entries
from arfollow.receivables.queries.aging import open_totals
from arfollow.receivables.queries.books import load_books
from arfollow.receivables.rules.books import is_changed
from arfollow.users.tables import Membership, User


class AsOfError(ValueError):
    """A list of open items cannot be as of that day."""

    def __init__(self, day: date, reason: str) -> None:
        super().__init__(f"The list cannot be as of {day.isoformat()}: {reason}.")


class TooMuchGoneError(ValueError):
    """So much is gone since the last list that the file may not be whole."""

    def __init__(self, gone: Gone | None) -> None:
        what = "The list is empty." if gone is None else f"More than a tenth is gone: {gone}."
        super().__init__(f"{what} Nothing was imported. If the file is whole, import it with --confirm.")


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Files that have been read, before anything is looked up in the ledger."""

    files: Sequence[ImportedFile]
    rows: Rows
    problems: Problems


@dataclass(frozen=True, kw_only=True)
class OpenItems:
    """The files are the complete list of open items on `as_of`: of the company, or of the customers that they name.

    `confirmed`: somebody has seen that more than a tenth is gone.
    """

    as_of: date
    customers_in_file: bool = False
    confirmed: bool = False


def prepare(files: Sequence[File], reading: Reading, *, progress: Progress | None = None) -> Prepared:
    """Read the files; takes its time and needs no database. What is wrong in them is told by `apply`."""
    problems = Problems()
    return Prepared(
        rows=read_files(files, reading, problems, progress=progress),
        files=[ImportedFile(name=file.name, sha256=sha256(file.content).hexdigest()) for file in files],
        problems=problems,
    )


def apply(
    session: Session,
    *,
    company_id: int,
    prepared: Prepared,
    open_items: OpenItems | None = None,
    today: date,
    who: str,
) -> Report:
    """Write what the files change, with one chatter entry; nothing and no entry if they change nothing.

    To see what would happen, roll the transaction back. Raise ImportRefusedError with every problem, AsOfError,
    TooMuchGoneError.
    """
    last = last_as_of(session, company_id=company_id)
    journal, wishes = _entered(session, company_id, prepared, open_items, today=today, last=last)
    day = today if open_items is None else open_items.as_of
    changed = [entry for entry in journal.books.entries if is_changed(entry)]
    before = open_totals(session, company_id=company_id, day=day)
    write_entries(session, company_id=company_id, entries=changed)
    brought = go_live.write(session, wishes, company_id=company_id, who=who)
    report = Report(
        day=day,
        counts=counts(journal.mentioned, changed),
        before=tuple(before),
        after=tuple(open_totals(session, company_id=company_id, day=day)),
        notes=tuple(journal.notes),
        is_new=bool(changed) or brought > 0 or (open_items is not None and day != last),
    )
    if report.is_new:
        record_import(
            session,
            company_id=company_id,
            files=prepared.files,
            as_of=None if open_items is None else day,
            report=report,
            changed=changed,
            who=who,
        )
    return report


def _entered(
    session: Session,
    company_id: int,
    prepared: Prepared,
    open_items: OpenItems | None,
    *,
    today: date,
    last: date | None,
) -> tuple[Journal, GoLive]:
    """The books with everything that the files say, and what they say of plans and levels; raise what speaks against it."""
    if open_items is not None:
        _check_day(open_items.as_of, last, today)
    journal = _journal(session, company_id, prepared, open_items, today)
    gone = _post(journal, open_items)
    wishes = go_live.look_up(session, journal, company_id=company_id)
    journal.problems.refuse()
    if open_items is not None and not open_items.confirmed:
        _check_gone(prepared.rows, gone)
    return journal, wishes


def _journal(
    session: Session, company_id: int, prepared: Prepared, open_items: OpenItems | None, today: date
) -> Journal:
    rows = prepared.rows
    parents = {row.values["parent"] for row in rows.customers if row.values.get("parent")}
    targets = {row.target[0] for row in rows.credits if row.target}
    books = load_books(
        session,
        company_id=company_id,
        customers={row.number for row in rows.customers} | parents | _owners(rows),
        invoices={row.number for row in rows.invoices} | targets,
        credits_={row.number for row in rows.credits},
        open_on=None if open_items is None else open_items.as_of,
        whole_company=open_items is None or not open_items.customers_in_file,
    )
    return Journal(
        books=books,
        rows=rows,
        # A copy: the same files may be applied again after something was put right in the ledger.
        problems=Problems([*prepared.problems]),
        today=today,
        people=_people(session, company_id),
        notes=[*rows.notes],
    )


def _owners(rows: Rows) -> set[str]:
    return {row.customer for row in rows.invoices} | {row.customer for row in rows.credits}


def _people(session: Session, company_id: int) -> Mapping[str, int]:
    """The company's users by e-mail address, and by name where only one has it, in small letters."""
    members = session.execute(
        select(User.id, User.email, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.company_id == company_id, User.active)
    ).all()
    names = [member.name.casefold() for member in members]
    unique = {
        member.name.casefold(): member.id for member in members if names.count(member.name.casefold()) == 1
    }
    return unique | {member.email.casefold(): member.id for member in members}


def _post(journal: Journal, open_items: OpenItems | None) -> Gone | None:
    post_customers(journal)
    if open_items is None:
        post_invoices(journal)
        post_credits(journal)
        return None
    scope = _owners(journal.rows) if open_items.customers_in_file else None
    return post_open_items(journal, day=open_items.as_of, scope=scope)


def _check_day(day: date, last: date | None, today: date) -> None:
    if day > today:
        raise AsOfError(day, f"today is {today.isoformat()}")
    if last is not None and day < last:
        raise AsOfError(day, f"there was one as of {last.isoformat()} already")


def _check_gone(rows: Rows, gone: Gone | None) -> None:
    if not rows.invoices and not rows.credits:
        raise TooMuchGoneError(None)
    if gone is not None and gone.is_much:
        raise TooMuchGoneError(gone)
