"""How a customer pays what a letter asks for: account, reference, and a code to scan."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

from segno import helpers

from arfollow.statements.facts import Bank, LetterFacts
from arfollow.values.money import plain

_MOST_INVOICES = 3
# Source: EPC069-12, the credit transfer's remittance text and name.
_LONGEST_TEXT = 140
_LONGEST_NAME = 70
_HIGHEST = 99_999_999_999


def paid_to(facts: LetterFacts) -> tuple[Bank, ...]:
    """The accounts for the currencies that are to be paid, on a statement for all that are listed; unknown ones left out."""
    asks = facts.deadline is not None
    wanted = [b.currency for b in facts.statement.blocks if (b.claimed if asks else b.balance) > 0]
    found = (facts.bank(currency) for currency in wanted)
    return tuple(bank for bank in found if bank is not None and (bank.iban or bank.bank))


def reference(facts: LetterFacts, currency: str) -> str:
    """What the customer is to write on a payment: its number, and the currency's overdue invoices while they are few.

    An invoice of which nothing may be claimed is not among them.
    """
    blocks = (block for block in facts.statement.blocks if block.currency == currency)
    invoices = [row.label for block in blocks for row in block.overdue if row.chased]
    if not 0 < len(invoices) <= _MOST_INVOICES:
        invoices = []
    return " / ".join([facts.customer_number, *invoices])[:_LONGEST_TEXT]


def payment_code(facts: LetterFacts) -> bytes | None:
    """The European payment code as PNG, where euros are claimed and an IBAN is known; None elsewhere. Source: EPC069-12."""
    bank, minor = facts.bank("EUR"), facts.statement.claimed.get("EUR", 0)
    if facts.deadline is None or bank is None or not bank.iban or not 0 < minor <= _HIGHEST:
        return None
    code = helpers.make_epc_qr(
        name=(bank.holder or facts.creditor.name)[:_LONGEST_NAME],
        iban=bank.iban,
        amount=Decimal(plain(minor, "EUR")),
        text=reference(facts, "EUR"),
        bic=bank.bic or None,
        encoding="utf-8",
    )
    # Pixels, not paths, and few: WeasyPrint compresses each of them again.
    image = BytesIO()
    code.save(image, kind="png", scale=2, border=0)
    return image.getvalue()


def grouped(iban: str) -> str:
    """The IBAN in groups of four."""
    return "\N{NO-BREAK SPACE}".join(iban[start : start + 4] for start in range(0, len(iban), 4))
