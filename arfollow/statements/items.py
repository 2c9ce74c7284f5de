"""The customer's open invoices as a workbook, to be checked line by line against the customer's own books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from arfollow.statements.catalogue import Words, words
from arfollow.statements.email import filename
from arfollow.statements.facts import LetterFacts
from arfollow.statements.rules import Block, StatementRow
from arfollow.values.money import decimals

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = (18, 12, 12, 20, 14, 14, 14, 10)


def workbook_name(facts: LetterFacts) -> str:
    """What the workbook is called."""
    return filename(facts, words(facts.locale).gettext("Open invoices"), ending="xlsx")


def items_workbook(facts: LetterFacts) -> bytes:
    """A sheet for each currency; headings in the customer's language, dates and amounts as such, and the same bytes each time."""
    spoken, content = words(facts.locale), BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        # Else the file would hold the moment at which it was made, and differ from its own copy.
        book.set_properties({"created": datetime.combine(facts.dated, datetime.min.time())})
        for block in facts.statement.blocks:
            _write(book, book.add_worksheet(block.currency), block, spoken)
        if not facts.statement.blocks:
            book.add_worksheet()
    return content.getvalue()


def _write(book: Workbook, sheet: Worksheet, block: Block, spoken: Words) -> None:
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": 14})
    places = decimals(block.currency)
    amount = book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")})
    for column, (heading, width) in enumerate(zip(_headings(block, spoken), _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, bold)
    sheet.freeze_panes(1, 0)
    for at, row in enumerate((*block.overdue, *block.not_due), start=1):
        for column, value in enumerate(_cells(row)):
            match value:
                case date():
                    sheet.write_datetime(at, column, datetime.combine(value, datetime.min.time()), day)
                case str():
                    sheet.write_string(at, column, value)
                case _ if column < len(_WIDTHS) - 1:
                    sheet.write_number(at, column, Decimal(value).scaleb(-places), amount)
                case _:
                    sheet.write_number(at, column, value)


def _headings(block: Block, spoken: Words) -> Iterator[str]:
    for text in ("Invoice", "Date", "Due", "Reference"):
        yield spoken.gettext(text)
    for text in ("Amount", "Paid", "Open"):
        yield f"{spoken.gettext(text)} {block.currency}"
    yield spoken.gettext("Days late")


def _cells(row: StatementRow) -> tuple[str | date | int, ...]:
    return (
        row.label,
        row.invoice_date,
        row.due_date,
        row.reference,
        row.amount,
        row.paid,
        row.open,
        row.days_late,
    )
