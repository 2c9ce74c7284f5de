"""What a company's settings may be, and what they are to begin with."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from babel.core import get_global
from babel.languages import get_official_languages

from arfollow.values.money import AmountError, UnknownCurrencyError, parse_decimal, plain
from arfollow.values.refusals import N_, Quoted, Refusal, Term, remark

MOST_BORDERS = 6
_LONGEST_BORDER = 3650
_ZONES: Mapping[str, str] = get_global("zone_territories")
_TERRITORIES: Mapping[str, Any] = get_global("territory_languages")
COUNTRIES = tuple(sorted(code for code in _TERRITORIES if re.fullmatch("[A-Z]{2}", code) and code != "ZZ"))
# Countries with several zones: that of their business; in all others the first by name is right.
_MAIN_ZONES = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CY": "Asia/Nicosia",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "PF": "Pacific/Tahiti",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}

# By the errors of the library that looks at them.
_NO_IBAN = {
    "InvalidCountryCode": N_("it begins with no country's code"),
    "InvalidLength": N_("it is too long or too short for its country"),
    "InvalidStructure": N_("letters or digits stand where its country has none"),
}


class SettingError(Refusal, ValueError):
    """A setting is not what it should be; the message says why."""


def checked_country(code: str) -> str:
    """The ISO 3166 code in capitals; raise SettingError."""
    country = code.strip().upper()
    if country not in COUNTRIES:
        raise SettingError(N_("%(text)s is not an ISO 3166 country code, such as DE."), text=Quoted(code))
    return country


def default_timezone(country: str) -> str:
    """The time zone of a company in the country."""
    zones = sorted(zone for zone, territory in _ZONES.items() if territory == country)
    return _MAIN_ZONES.get(country) or (zones[0] if zones else "UTC")


def default_language(country: str, *, offered: Collection[str]) -> str:
    """The country's first official language among those offered, else English."""
    official = get_official_languages(country, de_facto=True)
    return next((language for language in official if language in offered), "en")


def checked_iban(text: str) -> str:
    """The IBAN without spaces; raise SettingError when its form, its country's length or its check digits are wrong.

    Source: ISO 13616, ISO 7064, the registry of SWIFT.
    """
    # Its registry takes a tenth of a second to load.
    from schwifty import IBAN
    from schwifty.exceptions import InvalidChecksumDigits, SchwiftyException

    iban = re.sub(r"\s", "", text).upper()
    try:
        return str(IBAN(iban))
    except InvalidChecksumDigits:
        raise SettingError(
            N_("The check digits of the IBAN %(text)s are wrong: look for a typing mistake."),
            text=Quoted(text),
        ) from None
    except SchwiftyException as error:
        why = _NO_IBAN.get(type(error).__name__, N_("this is not how one is written"))
        raise SettingError(
            N_("%(text)s is not an IBAN: %(why)s."), text=Quoted(text), why=Term(why)
        ) from None


def checked_bic(text: str) -> str:
    """The BIC in capitals; raise SettingError when its form or its country is wrong. Source: ISO 9362."""
    from schwifty import BIC
    from schwifty.exceptions import SchwiftyException

    try:
        return str(BIC(re.sub(r"\s", "", text).upper(), enforce_swift_compliance=True))
    except SchwiftyException:
        raise SettingError(
            N_("%(text)s is not a BIC: it has 8 or 11 letters and digits, a country's code among them."),
            text=Quoted(text),
        ) from None


def parse_bucket_days(text: str) -> tuple[int, ...]:
    """Upper borders of the aging buckets, written as `30, 60, 90, 120`; raise SettingError."""
    words = [word for word in re.split(r"[\s,;]+", text) if word]
    if not words or not all(re.fullmatch("[0-9]{1,9}", word) for word in words):
        raise SettingError(N_("Write whole days with commas between them, such as 30, 60, 90, 120."))
    days = tuple(int(word) for word in words)
    if list(days) != sorted(set(days)) or days[0] < 1 or days[-1] > _LONGEST_BORDER:
        raise SettingError(
            N_("Each border has to be later than the one before, from 1 to %(most)s days."),
            most=_LONGEST_BORDER,
        )
    if len(days) > MOST_BORDERS:
        raise SettingError(N_("There can be at most %(most)s borders."), most=MOST_BORDERS)
    return days


def parse_amounts(text: str) -> dict[str, int]:
    """Minor units by currency, written as a line for each, such as `EUR 5.00`; raise SettingError."""
    amounts: dict[str, int] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        currency, _, figure = line.partition(" ")
        currency = currency.upper()
        try:
            minor = parse_decimal(figure, currency)
        except (AmountError, UnknownCurrencyError) as error:
            raise SettingError(N_("%(text)s: %(why)s"), text=Quoted(line), why=remark(error)) from None
        if minor < 0 or currency in amounts:
            raise SettingError(
                N_("%(text)s: write one line for each currency, with an amount that is not negative."),
                text=Quoted(line),
            )
        amounts[currency] = minor
    return amounts


def amounts_text(amounts: Mapping[str, int]) -> str:
    """What `parse_amounts` reads."""
    return "\n".join(f"{currency} {plain(minor, currency)}" for currency, minor in sorted(amounts.items()))


def bucket_days_text(days: Sequence[int]) -> str:
    """What `parse_bucket_days` reads."""
    return ", ".join(map(str, days))
