"""Single values of customers and contacts, cleaned; what cannot be right is refused in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from email.errors import MessageError
from email.header import decode_header, make_header
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from arfollow.values.refusals import N_, Quoted, Refusal

LONGEST_LINE = 500
"""Characters of a name, a number or a reference: no database indexes much more, and no letter has room for it."""

_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?")
_LAYERS = 4
_PLAIN_ADDRESS = re.compile(
    r"(?=[^@]{1,64}@)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]{1,20}(?:-[a-z0-9]{1,20})?\.)+[a-z]{2,20}"
)
_LONGEST_ADDRESS = 254
_RESERVED = tuple(f".{name}" for name in SPECIAL_USE_DOMAIN_NAMES)
_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})
_NO_COUNTRIES = frozenset("EU EZ QO UN XA XB ZZ".split())


class FieldError(Refusal, ValueError):
    """The text cannot stand in its field; the message says why."""


def line(text: str, *, longest: int | None = LONGEST_LINE) -> str:
    """The text as one line: encoded words decoded, runs of spaces made one.

    Raise FieldError for control characters, and for more than `longest` characters (None: any number).

    Decoding comes first, since a line break hidden in an encoded word becomes a header of its own in an e-mail.
    """
    if _is_line_already(text) and (longest is None or len(text) <= longest):
        return text
    decoded = text
    for _ in range(_LAYERS):
        if not _ENCODED_WORD.search(decoded):
            break
        decoded = _decode(decoded)
    else:
        raise FieldError(N_("%(text)s is encoded too many times."), text=Quoted(text))
    if not decoded.isprintable() and any(unicodedata.category(each) in _BREAKING for each in decoded):
        raise FieldError(N_("%(text)s holds a line break or another control character."), text=Quoted(text))
    cleaned = " ".join(unicodedata.normalize("NFC", decoded).split())
    if longest is not None and len(cleaned) > longest:
        raise FieldError(
            N_("%(text)s has %(number)s characters; at most %(longest)s are kept."),
            text=Quoted(text),
            number=len(cleaned),
            longest=longest,
        )
    return cleaned


def _is_line_already(text: str) -> bool:
    """Whether nothing is left to do, as with nearly every cell of a file."""
    return (
        text.isascii()
        and text.isprintable()
        and "=?" not in text
        and "  " not in text
        and not text.startswith(" ")
        and not text.endswith(" ")
    )


def street(text: str) -> str:
    """The text as one line; the lines of an address are joined by commas; raise FieldError."""
    return line(", ".join(part.strip() for part in text.splitlines() if part.strip()))


@lru_cache(maxsize=4096)
def email(text: str) -> str:
    """One e-mail address, or empty; raise FieldError."""
    if not text.strip() or _is_plain_address(text):
        return text.strip()
    try:
        found = validate_email(
            line(text), check_deliverability=False, allow_smtputf8=False, globally_deliverable=False
        )
    except EmailNotValidError as problem:
        raise FieldError(
            N_("%(text)s is not one valid e-mail address. %(why)s"), text=Quoted(text), why=str(problem)
        ) from None
    return found.normalized


def _is_plain_address(text: str) -> bool:
    """Whether the address is one that the library would leave as it is; to ask it takes a hundred times as long."""
    return (
        len(text) <= _LONGEST_ADDRESS
        and _PLAIN_ADDRESS.fullmatch(text) is not None
        and not text.endswith(_RESERVED)
    )


@lru_cache(maxsize=512)
def country(text: str) -> str:
    """An ISO 3166-1 alpha-2 code in capitals, or empty; raise FieldError."""
    code = text.strip().upper()
    if code and code not in _countries():
        raise FieldError(
            N_("%(text)s is not a country code of two letters (ISO 3166), such as DE."), text=Quoted(text)
        )
    return code


@lru_cache(maxsize=512)
def language(text: str) -> str:
    """A language tag such as `de` or `de-AT`, or empty; raise FieldError."""
    tag = text.strip().replace("_", "-")
    if not tag:
        return ""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        raise FieldError(
            N_("%(text)s is not a language code, such as de or de-AT."), text=Quoted(text)
        ) from None
    return f"{locale.language}-{locale.territory}" if locale.territory else locale.language


def _decode(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (MessageError, LookupError, ValueError):
        raise FieldError(
            N_("%(text)s holds an encoded word that cannot be read."), text=Quoted(text)
        ) from None


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    codes: Iterable[str] = Locale("en").territories
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES  # noqa: PLR2004 - alpha-2
