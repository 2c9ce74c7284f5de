"""The tabs of a customer's page as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.access import Scope
from arfollow.followup.balances import ItemLine as OpenLine
from arfollow.followup.queries.desk import Desk
from arfollow.receivables.queries.credits import CreditEntry, credit_page
from arfollow.receivables.queries.customers import ContactCard, CustomerCard
from arfollow.receivables.queries.items import ItemLine, item_page
from arfollow.spreadsheet import Sheet
from arfollow.values.money import Money
from arfollow.web.exports import batches

_SIZE = 500


def ledger_sheet(session: Session, scope: Scope, desk: Desk, *, tab: str) -> Sheet:
    """All rows of the tab: open, all, payments or contacts."""
    customer_id = desk.head.card.id
    rows: Iterable[Sequence[object]]
    match tab:
        case "all":
            header, rows = _item_header(), _items(session, scope, customer_id)
        case "payments":
            header, rows = _credit_header(), _credits(session, scope, customer_id)
        case "contacts":
            header, rows = _contact_header(), _contacts(desk)
        case _:
            header, rows = _open_header(), _open(desk)
    return Sheet(name=f"{_names()[tab]} {desk.head.card.number}", header=header, rows=rows)


def _names() -> dict[str, str]:
    return {
        "open": _("Open items"),
        "all": _("Invoices"),
        "payments": _("Payments"),
        "contacts": _("Contacts"),
    }


def _open_header() -> Sequence[str]:
    return (
        _("Invoice"),
        _("Reference"),
        _("Date"),
        _("Due"),
        _("Days late"),
        _("Currency"),
        _("Amount"),
        _("Paid"),
        _("Open"),
        _("disputed"),
        _("promised"),
        _("on hold"),
        _("Level"),
        _("Next level"),
        _("On"),
    )


def _open(desk: Desk) -> Iterator[Sequence[object]]:
    for line in desk.lines:
        yield (
            line.name,
            desk.references.get(line.id),
            line.invoice_date,
            line.due_date,
            line.days_late,
            line.open.currency,
            line.amount,
            line.paid,
            line.open,
            line.disputed,
            line.promised,
            _hold(line),
            line.level.name if line.level else None,
            line.next_level.name if line.next_level and not line.rests else None,
            line.next_on if not line.rests else None,
        )


def _hold(line: OpenLine) -> date | str | None:
    """Its last day; words for one without an end."""
    return _("until somebody ends it") if line.held_until == date.max else line.held_until


def _item_header() -> Sequence[str]:
    return (
        _("Invoice"),
        _("Instalment"),
        _("Reference"),
        _("Date"),
        _("Due"),
        _("Currency"),
        _("Amount"),
        _("Paid"),
        _("Open"),
        _("Days late"),
        _("Settled"),
    )


def _items(session: Session, scope: Scope, customer_id: int) -> Iterator[Sequence[object]]:
    def read(number: int) -> Sequence[ItemLine]:
        return item_page(
            session,
            company_id=scope.company_id,
            customer_id=customer_id,
            day=scope.today,
            page=number,
            size=_SIZE,
        ).rows

    return map(_item, batches(read))


def _item(line: ItemLine) -> Sequence[object]:
    settled = line.settled_on if line.settled_on and line.settled_on <= line.as_of else None
    return (
        line.invoice,
        line.instalment,
        line.reference,
        line.date,
        line.due_date,
        line.currency,
        Money(line.currency, line.amount),
        Money(line.currency, line.paid),
        Money(line.currency, line.residual),
        line.days_late,
        settled,
    )


def _credit_header() -> Sequence[str]:
    return (
        _("Payment"),
        _("Kind"),
        _("Reference"),
        _("Date"),
        _("Currency"),
        _("Amount"),
        _("Unapplied"),
        _("Reversed on"),
        _("Applied to"),
        _("Applied on"),
        _("Amount applied"),
        _("Applied until"),
    )


def _credits(session: Session, scope: Scope, customer_id: int) -> Iterator[Sequence[object]]:
    def read(number: int) -> Sequence[CreditEntry]:
        return credit_page(
            session,
            company_id=scope.company_id,
            customer_id=customer_id,
            day=scope.today,
            page=number,
            size=_SIZE,
        ).rows

    return (row for credit in batches(read) for row in _credit(credit))


def _credit(credit: CreditEntry) -> Iterator[Sequence[object]]:
    """A row for each item that it was applied to, with its own amount in the first alone: so columns add up."""
    head = (
        credit.number,
        _("credit note") if credit.kind == "credit_note" else _("payment"),
        credit.reference,
        credit.date,
        credit.currency,
    )
    amounts: tuple[object, ...] = (
        Money(credit.currency, credit.amount),
        Money(credit.currency, credit.unapplied),
        credit.reversed_on,
    )
    for each in credit.applications:
        item = each.invoice if each.instalment == 1 else f"{each.invoice}/{each.instalment}"
        yield (*head, *amounts, item, each.date, Money(credit.currency, each.amount), each.ended_on)
        amounts = (None, None, None)
    if not credit.applications:
        yield (*head, *amounts, None, None, None, None)


def _contact_header() -> Sequence[str]:
    return (
        _("Name"),
        _("Kind"),
        _("E-mail"),
        _("Telephone"),
        _("Street"),
        _("Postal code"),
        _("City"),
        _("Country"),
    )


def _contacts(desk: Desk) -> Iterator[Sequence[object]]:
    card = desk.head.card
    kinds = {"dunning": _("for reminders"), "billing": _("for invoices")}
    for contact in card.contacts:
        yield _contact(contact, kinds.get(contact.kind, contact.kind))
    yield _contact(card, _("the account itself"))


def _contact(each: ContactCard | CustomerCard, kind: str) -> Sequence[object]:
    return (each.name, kind, each.email, each.phone, each.street, each.postal_code, each.city, each.country)
