"""The Swiss QR-bill: payment part and receipt. Source: SIX, Implementation Guidelines QR-bill, version 2.3."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from io import StringIO
from typing import Any

from arfollow.statements.facts import Bank, LetterFacts, Place
from arfollow.values.money import plain

HIGHEST = 99_999_999_999
"""The largest amount of a bill, in Rappen or cents."""

_COUNTRIES = frozenset({"CH", "LI"})
_FRANCS, _EUROS = "CHF", "EUR"
_LANGUAGES = frozenset({"de", "en", "fr", "it"})
_LONGEST_NAME = 70
_LONGEST_TEXT = 140
_STREET, _CODE, _CITY = 70, 16, 35
# Accounts that want a reference of the bank's own form, which a ledger's invoice numbers are not.
_FIRST_QR_BANK, _LAST_QR_BANK = 30000, 31999
# Where the code lies on the slip, 46 mm with 4 mm around it, in the units of the drawing: 3.5433 a millimetre.
_SQUARE = "223.2 46.8 191.4 191.4"
# Basic Latin to Latin Extended-A, and five characters more.
_OTHER = re.compile("[^\u0020-\u007e\u00a0-\u017f\u0218-\u021b\u20ac]")


def takes_slip(facts: LetterFacts, bank: Bank, minor: int) -> bool:
    """Whether this claim is paid by a QR-bill: francs to a Swiss account; euros to one where the customer is Swiss too."""
    if bank.iban[:2] not in _COUNTRIES or not 0 < minor <= HIGHEST or _is_qr_iban(bank.iban):
        return False
    at_home = facts.place.country in _COUNTRIES
    return _is_full(_creditor(facts, bank)) and (
        bank.currency == _FRANCS or (bank.currency == _EUROS and at_home)
    )


def slip(facts: LetterFacts, bank: Bank, *, minor: int, reference: str) -> bytes:
    """The payment part with its receipt as SVG, 210 × 106 mm, in the letter's language."""
    # It loads a list of all countries.
    from qrbill import QRBill

    language = facts.locale.partition("_")[0]
    bill = QRBill(
        account=bank.iban,
        creditor=_creditor(facts, bank),
        debtor=_debtor(facts),
        amount=plain(minor, bank.currency),
        currency=bank.currency,
        additional_information=_plain(reference, _LONGEST_TEXT),
        language=language if language in _LANGUAGES else "en",
    )
    drawing = StringIO()
    bill.as_svg(drawing)
    return drawing.getvalue().encode()


def square(slip: bytes) -> bytes:
    """The QR code of the slip alone, with its margin, 54 × 54 mm: on a screen nobody cuts off a receipt."""
    head, _, rest = slip.decode().partition("><")
    for name, value in (("height", "54mm"), ("width", "54mm"), ("viewBox", _SQUARE)):
        head = re.sub(rf'{name}="[^"]*"', f'{name}="{value}"', head, count=1)
    return f"{head}><{rest}".encode()


def _is_qr_iban(iban: str) -> bool:
    return iban[4:9].isdigit() and _FIRST_QR_BANK <= int(iban[4:9]) <= _LAST_QR_BANK


def _debtor(facts: LetterFacts) -> dict[str, Any] | None:
    """The customer where its address is known in full; else the slip has a box to write it in."""
    party = _party(facts.customer_name, facts.place)
    return party if _is_full(party) else None


def _creditor(facts: LetterFacts, bank: Bank) -> dict[str, Any]:
    return _party(bank.holder or facts.creditor.name, facts.creditor.place)


def _is_full(party: Mapping[str, Any]) -> bool:
    """Whether a bill takes it: of a town in Greek letters, nothing is left in those that a bill may have."""
    return all(party[name] for name in ("name", "pcode", "city")) and _is_country(party["country"])


def _is_country(code: str) -> bool:
    from qrbill.bill import countries

    return code in countries


def _party(name: str, place: Place) -> dict[str, Any]:
    return {
        "name": _plain(name, _LONGEST_NAME),
        "street": _plain(place.street, _STREET),
        "pcode": _plain(place.postal_code, _CODE),
        "city": _plain(place.city, _CITY),
        "country": place.country,
    }


def _plain(text: str, longest: int) -> str:
    """The text on one line in the characters that a QR-bill may have; accents that it does not know are left off."""
    bare = (
        each if not _OTHER.match(each) else unicodedata.normalize("NFKD", each)[:1]
        for each in unicodedata.normalize("NFC", " ".join(text.split()))
    )
    return _OTHER.sub("", "".join(bare))[:longest].strip()
