"""Reads invoices and credit notes from rows, and the payments that a settled date stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from arfollow.exchange.cells import Cells
from arfollow.exchange.formats import KINDS
from arfollow.exchange.money_fields import check_positive, currency_of, instalment_of
from arfollow.exchange.reading import Row
from arfollow.exchange.rows import CreditRow, Into, InvoiceRow
from arfollow.exchange.sums import Sums
from arfollow.values.money import Money
from arfollow.values.refusals import N_, Quoted, Remark

_NO_DAY = date.min
_NO_INVOICE = N_("has to be above zero (a credit note has the kind credit_note). Found %(text)s.")


def read_invoices(cells: Cells, rows: Iterable[Row], into: Into, *, open_items: bool) -> None:
    """Add what these rows say; a row with a problem is left out, its number remembered."""
    if not cells.form.adds_up:
        _read_invoices(cells, rows, into, open_items=open_items)
        return
    sums = Sums(cells, into, negative_is_credit=open_items or cells.form.negative_is_credit)
    _read_invoices(cells, rows, sums, open_items=open_items)
    sums.finish()


def _read_invoices(cells: Cells, rows: Iterable[Row], into: Into, *, open_items: bool) -> None:
    reader = _InvoiceReader(cells, open_items=open_items)
    for row in rows:
        before = len(cells.problems)
        read = reader.read(row)
        if len(cells.problems) > before:
            into.unread.invoices.add(cells.invoice.raw(row, "number"))
        for each in read if len(cells.problems) == before else ():
            if isinstance(each, InvoiceRow):
                into.add_invoice(each)
            else:
                into.add_credit(each)


@dataclass(frozen=True, slots=True)
class _InvoiceReader:
    cells: Cells
    open_items: bool

    def read(self, row: Row) -> list[InvoiceRow | CreditRow]:
        """The invoice and perhaps its payment, or the credit; nothing to rely on after a problem."""
        part = self.cells.invoice
        kind = self._kind(row)
        currency = currency_of(part, row)
        amount = part.amount(row, "amount", currency)
        is_negative = amount is not None and amount < 0 and not self.cells.form.adds_up
        if kind == "invoice" and is_negative and self._negative_is_credit:
            kind = "credit_note"
        if kind != "invoice":
            return self._credit(row, kind, currency, amount)
        return self._invoice(row, currency, amount)

    @property
    def _negative_is_credit(self) -> bool:
        return self.open_items or self.cells.form.negative_is_credit

    def _kind(self, row: Row) -> str:
        part, kinds = self.cells.invoice, self.cells.form.kinds
        text = part.text(row, "kind")
        kind = kinds.get(text, "") if kinds else text or "invoice"
        if kind not in KINDS:
            known = ", ".join(sorted(kinds or KINDS - {"payment"}))
            message = Remark(
                N_("%(text)s is not known; known are %(known)s."), text=Quoted(text), known=known
            )
            part.problem(row, "kind", message)
        elif kind == "payment" and self.cells.form.is_canonical and not self.open_items:
            part.problem(row, "kind", Remark(N_("payments are read from a file of their own.")))
        return kind

    def _invoice(self, row: Row, currency: str, amount: int | None) -> list[InvoiceRow | CreditRow]:
        part = self.cells.invoice
        open_amount = None
        if self.open_items and part.has("open_amount"):
            open_amount = part.amount(row, "open_amount", currency)
            self._check_open(row, amount, open_amount, currency)
        if not self.cells.form.adds_up:
            check_positive(part, row, "amount", amount, message=_NO_INVOICE)
        read = InvoiceRow(
            place=self.cells.place(row),
            number=part.number(row, "number", required=True),
            instalment=instalment_of(part, row, "instalment"),
            customer=part.number(row, "customer", required=True),
            date=part.day(row, "date") or _NO_DAY,
            due_date=part.day(row, "due_date") or _NO_DAY,
            currency=currency,
            amount=amount or 0,
            open_amount=open_amount,
            reference=part.text(row, "reference") if part.has("reference") else None,
            level=part.text(row, "level"),
            followed_on=part.day(row, "followed_on", required=False),
        )
        self._check_level(row, read)
        return [read, *self._payment(row, read)]

    def _check_open(self, row: Row, amount: int | None, open_amount: int | None, currency: str) -> None:
        part = self.cells.invoice
        check_positive(part, row, "open_amount", open_amount)
        if amount is not None and open_amount is not None and open_amount > amount > 0:
            message = Remark(
                N_("%(open)s is more than the whole, %(whole)s."),
                open=Money(currency, open_amount),
                whole=Money(currency, amount),
            )
            part.problem(row, "open_amount", message)

    def _check_level(self, row: Row, read: InvoiceRow) -> None:
        part = self.cells.invoice
        if read.level and read.followed_on is None and not part.raw(row, "followed_on"):
            message = Remark(
                N_("is missing: when was the level %(level)s reached?"), level=Quoted(read.level)
            )
            part.problem(row, "followed_on", message)
        if read.followed_on is not None and not read.level:
            part.problem(row, "level", Remark(N_("is missing, though followed_on is given.")))

    def _payment(self, row: Row, invoice: InvoiceRow) -> list[CreditRow]:
        """The payment that the row's settled date stands for: of the whole amount, where no other is given."""
        part = self.cells.payment
        if not part.raw(row, "date"):
            return []
        amount = part.amount(row, "amount", invoice.currency) if part.has("amount") else invoice.amount
        if not self.cells.form.adds_up:
            check_positive(part, row, "amount", amount)
        return [
            CreditRow(
                place=invoice.place,
                kind="payment",
                number=part.number(row, "number", required=True),
                customer=invoice.customer,
                date=part.day(row, "date") or _NO_DAY,
                currency=invoice.currency,
                amount=amount or 0,
                target=(invoice.number, invoice.instalment),
                reference=part.text(row, "reference") if part.has("reference") else None,
            )
        ]

    def _credit(self, row: Row, kind: str, currency: str, amount: int | None) -> list[InvoiceRow | CreditRow]:
        part = self.cells.invoice
        if self.open_items and part.has("open_amount") and part.raw(row, "open_amount"):
            amount = part.amount(row, "open_amount", currency)
        if amount is not None and self._negative_is_credit:
            amount = abs(amount)
        check_positive(part, row, "amount", amount)
        target = part.number(row, "applies_to")
        instalment = instalment_of(part, row, "applies_to_instalment")
        return [
            CreditRow(
                place=self.cells.place(row),
                kind=kind,
                number=part.number(row, "number", required=True),
                customer=part.number(row, "customer", required=True),
                date=part.day(row, "date") or _NO_DAY,
                currency=currency,
                amount=amount or 0,
                target=(target, instalment) if target and not self.open_items else None,
                reference=part.text(row, "reference") if part.has("reference") else None,
            )
        ]
