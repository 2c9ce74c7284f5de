"""Everything that a letter, a statement or an e-mail shows: the same facts give the same bytes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from arfollow.statements.rules import Statement

_SCHEMA = 1


class Paper(StrEnum):
    """The paper that the creditor's country prints on."""

    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Where a currency is paid to; empty text: not known."""

    currency: str
    holder: str
    bank: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditor:
    """The company as its letterhead shows it. `address` without the name, a line each; logo: an SVG or PNG image."""

    name: str
    address: tuple[str, ...]
    phone: str = ""
    email: str = ""
    website: str = ""
    vat: str = ""
    footer: str = ""
    logo: bytes | None = None
    logo_media_type: str = ""
    banks: tuple[Bank, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OurContact:
    """Whom the customer can ask; empty text: not known."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """A letter, e-mail or statement, ready to be laid out.

    `locale`: whose words, dates and figures, such as `de_CH`. `address`: the recipient's, as it stands on the envelope.
    `title`, `paragraphs` and `subject` are the level's wording, values put in; a statement has none of its own.
    `deadline` and `level` are absent on a statement. `draft` marks a preview.
    """

    locale: str
    paper: Paper
    dated: date
    creditor: Creditor
    address: tuple[str, ...]
    customer_number: str
    customer_name: str
    our_contact: OurContact
    statement: Statement
    title: str
    paragraphs: tuple[str, ...] = ()
    subject: str = ""
    level: str = ""
    deadline: date | None = None
    draft: bool = False

    def digest(self) -> str:
        """SHA-256 of the facts in a canonical form, hexadecimal: the same digest, the same document."""
        text = json.dumps(
            {"schema": _SCHEMA, **asdict(self)},
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
            default=_plain,
        )
        return sha256(text.encode()).hexdigest()

    def bank(self, currency: str) -> Bank | None:
        """Where this currency is paid to: the company's account of the currency, the first where there are several."""
        return next((bank for bank in self.creditor.banks if bank.currency == currency), None)


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no canonical form.")
