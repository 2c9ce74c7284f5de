"""How a customer can pay: the one place that a payment provider has to fill."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from arfollow.statements.facts import Bank, LetterFacts
from arfollow.statements.payment import CodeKind, payment_of
from arfollow.statements.swiss import slip, square


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be paid: minor units of the currency, and what the customer writes on the payment."""

    facts: LetterFacts
    currency: str
    minor: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to pay. `link`: where the customer goes to pay, empty: nowhere; `code`: an image as a data address, empty: none."""

    currency: str
    minor: int
    reference: str
    bank: Bank | None = None
    link: str = ""
    code: str = ""


class Provider(Protocol):
    """Somebody by whom customers pay. A provider is given the amount and answers with a link of its own."""

    def ways(self, asked: Asked) -> Sequence[Way]:
        """The ways to pay what is asked, the easiest first; none: not by this one."""
        ...


class OwnAccount:
    """The company's own bank account, with a code to scan, and its own link to pay."""

    def ways(self, asked: Asked) -> Sequence[Way]:
        """One way, if the company has an account of the currency or a link."""
        # A statement claims nothing: what is claimed here is what the customer came to pay.
        facts = replace(asked.facts, deadline=asked.facts.dated)
        paid = payment_of(facts, asked.currency, asked.minor, said=asked.reference)
        if not paid.bank and not paid.link:
            return ()
        code = next((each for each in paid.codes if each.kind is CodeKind.BANK), None)
        drawing = (
            slip(facts, paid.bank, minor=paid.minor, reference=paid.reference)
            if paid.has_slip and paid.bank
            else b""
        )
        return (
            Way(
                currency=paid.currency,
                minor=paid.minor,
                reference=paid.reference,
                bank=paid.bank,
                link=paid.link,
                code=_address("image/png", code.png())
                if code
                else _address("image/svg+xml", square(drawing))
                if drawing
                else "",
            ),
        )


PROVIDERS: tuple[Provider, ...] = (OwnAccount(),)
"""Who is asked, in order."""


def ways(asked: Asked) -> Sequence[Way]:
    """All ways to pay what is asked."""
    return [way for provider in PROVIDERS for way in provider.ways(asked)]


def _address(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(content).decode()}"
