"""Telephone numbers: as people write them, and as machines compare them (E.164: `+491713920012`)."""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    ValidationResult,
)

from arfollow.values.refusals import N_, Quoted, Refusal

_LONGEST = 60
_TAKES_TEXTS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


class PhoneError(Refusal, ValueError):
    """The text is not one telephone number; the message says why."""


@lru_cache(maxsize=4096)
def parse_number(text: str, *, country: str) -> str:
    """The number as E.164; without `+` or `00` it is one of the country (ISO 3166, may be empty). Raise PhoneError.

    Whether somebody has the number is not asked: only that it is as long as numbers there are.
    """
    if len(text) > _LONGEST:
        raise PhoneError(N_("%(text)s is not a telephone number."), text=Quoted(text[:_LONGEST]))
    found = _parsed(text, country)
    match phonenumbers.is_possible_number_with_reason(found):
        case ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(found, PhoneNumberFormat.E164)
        case ValidationResult.TOO_LONG:
            raise PhoneError(N_("%(text)s has too many digits for a telephone number."), text=Quoted(text))
        case ValidationResult.TOO_SHORT | ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise PhoneError(N_("%(text)s has too few digits for a telephone number."), text=Quoted(text))
        case _:
            raise PhoneError(N_("%(text)s is not a telephone number."), text=Quoted(text))


def number_or_none(text: str, *, country: str) -> str:
    """The number as E.164; empty where the text is none."""
    try:
        return parse_number(text, country=country) if text.strip() else ""
    except PhoneError:
        return ""


@lru_cache(maxsize=4096)
def is_mobile(number: str) -> bool:
    """Whether a number (E.164) takes text messages, as far as its digits tell: in some countries all look alike."""
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) in _TAKES_TEXTS
    except NumberParseException:
        return False


def spelled_number(number: str) -> str:
    """A number (E.164) as people read it: `+49 171 3920012`; what is none, such as a sender's name, as it is."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return number


def _parsed(text: str, country: str) -> PhoneNumber:
    if not country and text.lstrip().startswith("00"):
        # What stands for the plus differs from country to country; in most it is this.
        text = "+" + text.lstrip().removeprefix("00")
    try:
        return phonenumbers.parse(text, country or None)
    except NumberParseException as problem:
        if problem.error_type == NumberParseException.INVALID_COUNTRY_CODE and not country:
            raise PhoneError(
                N_("%(text)s needs its country's code in front, such as +49."), text=Quoted(text)
            ) from None
        raise PhoneError(N_("%(text)s is not a telephone number."), text=Quoted(text)) from None
