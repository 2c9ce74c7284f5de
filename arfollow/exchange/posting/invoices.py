"""Enters invoices: new ones, and what has changed in those that are known."""

from __future__ import annotations

from arfollow.exchange.posting.journal import Followed, Journal, twice
from arfollow.exchange.problems import Place
from arfollow.exchange.rows import InvoiceRow
from arfollow.receivables.rules.books import BookInvoice, BookItem
from arfollow.values.money import Money
from arfollow.values.refusals import N_, Quoted, Remark, Term

_OF_INVOICES = {
    "customer": Term(N_("Customer")),
    "date": Term(N_("Date")),
    "currency": Term(N_("Currency")),
    "reference": Term(N_("Reference")),
}


def instalment(invoice: str, number: int) -> str:
    """What an instalment is called in a message."""
    message = N_("invoice %(invoice)s instalment %(number)s")
    return Remark(message, invoice=Quoted(invoice), number=number)


def post_invoices(journal: Journal) -> None:
    """Enter every invoice row."""
    heads: dict[str, InvoiceRow] = {}
    places: dict[tuple[str, int], Place] = {}
    for row in journal.rows.invoices:
        key = (row.number, row.instalment)
        if key in places:
            message = twice(places[key], row.place, instalment(row.number, row.instalment))
            journal.problems.about(row.place, "invoice", message)
            continue
        places[key] = row.place
        invoice = post_head(journal, row, heads.setdefault(row.number, row))
        if invoice is not None:
            item = _post_item(journal, row, invoice)
            journal.mentioned.append(item)
            post_followed(journal, row, item)


def post_head(journal: Journal, row: InvoiceRow, head: InvoiceRow) -> BookInvoice | None:
    """The row's invoice, entered or changed; None after a problem. `head` is the first row of its number in the files."""
    customer = journal.customer(row.place, row.customer)
    if customer is None or _contradicts(journal, row, head):
        return None
    invoice = journal.books.invoices.get(row.number)
    if invoice is None:
        invoice = BookInvoice(number=row.number, customer=customer, date=row.date, currency=row.currency)
        journal.books.invoices[row.number] = invoice
    elif invoice.customer is not customer:
        _refuse_change(journal, row, "customer", invoice.customer.number)
        return None
    elif invoice.currency != row.currency:
        _refuse_change(journal, row, "currency", invoice.currency)
        return None
    invoice.date = row.date
    if row.reference is not None:
        invoice.reference = row.reference
    return invoice


def post_followed(journal: Journal, row: InvoiceRow, item: BookItem) -> None:
    """Remember how far the old system had got with the item."""
    if not row.level or row.followed_on is None:
        return
    if row.followed_on > journal.today:
        message = Remark(N_("%(day)s lies ahead."), day=row.followed_on)
        journal.problems.about(row.place, "followed_on", message)
    journal.followed.append(Followed(place=row.place, item=item, level=row.level, on=row.followed_on))


def _refuse_change(journal: Journal, row: InvoiceRow, name: str, known: str) -> None:
    message = Remark(
        N_("invoice %(number)s is known with %(known)s, not %(given)s; that cannot change."),
        number=Quoted(row.number),
        known=known,
        given=getattr(row, name),
    )
    journal.problems.about(row.place, name, message)


def _contradicts(journal: Journal, row: InvoiceRow, head: InvoiceRow) -> bool:
    if row is head:
        return False
    before = len(journal.problems)
    for name, term in _OF_INVOICES.items():
        if getattr(row, name) != getattr(head, name):
            message = Remark(
                N_("differs from the instalment in row %(row)s; an invoice has one: %(what)s."),
                row=head.place.line,
                what=term,
            )
            journal.problems.about(row.place, name, message)
    return len(journal.problems) > before


def _post_item(journal: Journal, row: InvoiceRow, invoice: BookInvoice) -> BookItem:
    item = invoice.items.get(row.instalment)
    if item is None:
        item = BookItem(invoice=invoice, number=row.instalment, due_date=row.due_date, amount=row.amount)
        invoice.items[row.instalment] = item
    elif row.amount < item.applied:
        message = Remark(
            N_("%(amount)s is less than the %(applied)s that is already applied to it."),
            amount=Money(row.currency, row.amount),
            applied=Money(row.currency, item.applied),
        )
        journal.problems.about(row.place, "amount", message)
    item.due_date, item.amount = row.due_date, row.amount
    return item
