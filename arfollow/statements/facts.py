"""Everything that a letter, a statement or an e-mail shows: the same facts give the same bytes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from arfollow.companies.letterhead import ACCENT, Window
from arfollow.statements.rules import Statement

_SCHEMA = 2


class Paper(StrEnum):
    """The paper that the creditor's country prints on."""

    A4 = "a4"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A postal address in its parts, as payment codes want them; `country` is its ISO code. Empty text: not known."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Where a currency is paid to; empty text: not known. `account`: the account's numbers where there is no IBAN."""

    currency: str
    holder: str
    bank: str
    iban: str
    bic: str
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditor:
    """The company as its letterhead shows it. `address` without the name, a line each; logo: an SVG or PNG image.

    Texts of the letterhead that are empty are the usual ones. `footer` is the right column of the foot. `window` shows the
    address on the envelope. `payment_codes`: whether letters have codes to scan.
    """

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
    place: Place = Place()
    accent: str = ACCENT
    window: Window = Window.DIN_B
    sender_line: str = ""
    contact_line: str = ""
    footer_left: str = ""
    footer_middle: str = ""
    pay_link: str = ""
    payment_codes: bool = True


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
    `deadline` and `level` are absent on a statement. `draft` marks a preview. `place` is the customer's.
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
    place: Place = Place()

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
