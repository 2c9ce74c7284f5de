"""Adds up the rows of one invoice, in files that have a row for each of its items."""

from __future__ import annotations

from arfollow.exchange.cells import Cells
from arfollow.exchange.rows import CreditRow, CustomerRow, EventRow, Into, InvoiceRow
from arfollow.values.money import Money
from arfollow.values.refusals import N_, Quoted, Remark

_ALIKE = ("customer", "date", "due_date", "currency")


class Sums:
    """Takes the rows of a file, and hands each invoice on once, with the sum of its rows."""

    def __init__(self, cells: Cells, into: Into, *, negative_is_credit: bool) -> None:
        self._cells = cells
        self._into = into
        self._negative_is_credit = negative_is_credit
        self._invoices: dict[tuple[str, int], InvoiceRow] = {}
        self._credits: dict[tuple[object, ...], CreditRow] = {}
        self.notes, self.unread = into.notes, into.unread

    def add_customer(self, row: CustomerRow) -> None:
        """Hand it on."""
        self._into.add_customer(row)

    def add_invoice(self, row: InvoiceRow) -> None:
        """Add it to the invoice's rows before it; they have to agree in all but the amount."""
        key = row.number, row.instalment
        first = self._invoices.setdefault(key, row)
        if first is row:
            return
        different = next((name for name in _ALIKE if getattr(first, name) != getattr(row, name)), "")
        if different:
            column = self._cells.invoice.columns.get(different, different)
            message = Remark(
                N_("is not that of row %(row)s, which has the same number %(number)s."),
                row=first.place.line,
                number=Quoted(row.number),
            )
            self._cells.problems.about(row.place, column, message)
            self.unread.invoices.add(row.number)
        self._invoices[key] = first._replace(amount=first.amount + row.amount)

    def add_credit(self, row: CreditRow) -> None:
        """Add it to what the same number settles of the same invoice."""
        key = row.kind, row.number, row.target
        first = self._credits.setdefault(key, row)
        if first is not row:
            self._credits[key] = first._replace(amount=first.amount + row.amount)

    def add_event(self, row: EventRow) -> None:
        """Hand it on."""
        self._into.add_event(row)

    def finish(self) -> None:
        """Hand on what was added up."""
        for invoice in self._invoices.values():
            self._hand_on(invoice)
        for credit in self._credits.values():
            if credit.amount > 0:
                self._into.add_credit(credit)

    def _hand_on(self, invoice: InvoiceRow) -> None:
        if invoice.amount > 0:
            self._into.add_invoice(invoice)
        elif invoice.amount < 0 and self._negative_is_credit:
            self._into.add_credit(_credit(invoice))
        else:
            column = self._cells.invoice.columns.get("amount", "amount")
            message = Remark(
                N_("the rows of %(number)s add up to %(total)s; it has to be above zero."),
                number=Quoted(invoice.number),
                total=Money(invoice.currency, invoice.amount),
            )
            self._cells.problems.about(invoice.place, column, message)
            self.unread.invoices.add(invoice.number)


def _credit(invoice: InvoiceRow) -> CreditRow:
    return CreditRow(
        place=invoice.place,
        kind="credit_note",
        number=invoice.number,
        customer=invoice.customer,
        date=invoice.date,
        currency=invoice.currency,
        amount=-invoice.amount,
        reference=invoice.reference,
    )
