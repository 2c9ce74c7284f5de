"""How a customer pays what a letter asks for: account, reference, a link, codes to scan; for each currency apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

import segno

from arfollow.companies.letterhead import filled_pay_link
from arfollow.statements.epc import epc_text
from arfollow.statements.facts import Bank, LetterFacts
from arfollow.statements.swiss import takes_slip
from arfollow.values.money import plain

_MOST_INVOICES = 3
_LONGEST_REFERENCE = 140
_EURO = "EUR"


class CodeKind(StrEnum):
    """What a code is scanned with: a banking app, or any camera."""

    BANK = "bank"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code to scan, by what it says."""

    kind: CodeKind
    text: str

    def png(self) -> bytes:
        """The code without a border, two pixels for each of its own: pixels cost a renderer less than paths."""
        image = BytesIO()
        code = segno.make(self.text, error="m", boost_error=False, micro=False, encoding="utf-8")
        code.save(image, kind="png", scale=2, border=0)
        return image.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How one currency is paid. `minor`: what is claimed, 0 on a statement; `link`: empty where there is none.

    `has_slip`: a Swiss payment part is enclosed, which says the rest.
    """

    currency: str
    minor: int
    reference: str
    bank: Bank | None
    link: str
    codes: tuple[Code, ...]
    has_slip: bool


def payments(facts: LetterFacts) -> tuple[Payment, ...]:
    """How to pay each currency that is to be paid, on a statement all that are listed; those without a way are left out."""
    found = (payment_of(facts, currency, minor) for currency, minor in _wanted(facts))
    return tuple(each for each in found if each.bank or each.link)


def unpayable(facts: LetterFacts) -> tuple[str, ...]:
    """The currencies that the letter asks for without saying how to pay them."""
    payable = {each.currency for each in payments(facts)}
    return tuple(currency for currency in facts.statement.claimed if currency not in payable)


def reference(facts: LetterFacts, currency: str) -> str:
    """What the customer is to write on a payment: its number, and the currency's overdue invoices while they are few.

    An invoice of which nothing may be claimed is not among them.
    """
    blocks = (block for block in facts.statement.blocks if block.currency == currency)
    invoices = [row.label for block in blocks for row in block.overdue if row.chased]
    if not 0 < len(invoices) <= _MOST_INVOICES:
        invoices = []
    return " / ".join([facts.customer_number, *invoices])[:_LONGEST_REFERENCE]


def grouped(iban: str) -> str:
    """The IBAN in groups of four."""
    return "\N{NO-BREAK SPACE}".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def _wanted(facts: LetterFacts) -> list[tuple[str, int]]:
    """The currencies to be paid, each with what is claimed; a statement claims nothing."""
    if facts.deadline is None:
        return [(block.currency, 0) for block in facts.statement.blocks if block.balance > 0]
    return list(facts.statement.claimed.items())


def payment_of(facts: LetterFacts, currency: str, minor: int, *, said: str = "") -> Payment:
    """How so much of the currency is paid; 0: nothing is claimed. `said`: the reference, if it is not the usual one."""
    bank, said = facts.bank(currency), said or reference(facts, currency)
    link = _link(facts, currency, minor, said)
    has_codes = facts.creditor.payment_codes and minor > 0
    return Payment(
        currency=currency,
        minor=minor,
        reference=said,
        bank=bank,
        link=link,
        codes=_codes(facts, bank, minor=minor, said=said, link=link) if has_codes else (),
        has_slip=has_codes and bank is not None and takes_slip(facts, bank, minor),
    )


def _link(facts: LetterFacts, currency: str, minor: int, said: str) -> str:
    """The link to pay this very claim; a statement asks for nothing and has none."""
    if not facts.creditor.pay_link or not minor:
        return ""
    values = {
        "reference": said,
        "amount": plain(minor, currency),
        "currency": currency,
        "customer": facts.customer_number,
    }
    return filled_pay_link(facts.creditor.pay_link, values)


def _codes(facts: LetterFacts, bank: Bank | None, *, minor: int, said: str, link: str) -> tuple[Code, ...]:
    codes = []
    if bank is not None and bank.currency == _EURO and not takes_slip(facts, bank, minor):
        name = bank.holder or facts.creditor.name
        text = epc_text(name=name, iban=bank.iban, bic=bank.bic, minor=minor, text=said)
        if text:
            codes.append(Code(kind=CodeKind.BANK, text=text))
    if link:
        codes.append(Code(kind=CodeKind.LINK, text=link))
    return tuple(codes)
