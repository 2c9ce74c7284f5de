"""Postal addresses as the post of their country wants them."""

from __future__ import annotations

from babel import Locale

# Where the postcode stands. Elsewhere it comes before the town, on its line. Source: UPU, addressing systems.
_AFTER_TOWN = frozenset("AU CA ID IN JO NZ PK SA SG TH TW US ZA".split())
_OWN_LINE = frozenset("GB GG IE IM JE KE LK".split())
_MOST_LINES = 6


def address_lines(
    *, names: tuple[str, ...], street: str, postal_code: str, city: str, country: str
) -> tuple[str, ...]:
    """The address without its country, a line each; what is empty is left out. Names: company, then person."""
    town = [city.strip()]
    code = postal_code.strip()
    if country in _OWN_LINE:
        town.append(code.upper())
    elif country in _AFTER_TOWN:
        town = [f"{city.strip()} {code}"]
    else:
        town = [f"{code} {city.strip()}"]
    lines = (*names, *street.splitlines(), *town)
    return tuple(" ".join(line.split()) for line in lines if line.strip())


def envelope_lines(
    lines: tuple[str, ...], *, country: str, sender_country: str, sender_language: str
) -> tuple[str, ...]:
    """The lines on the envelope: abroad, the country in capitals stands last, in the sender's language. At most six."""
    if not country or country == sender_country:
        return lines[:_MOST_LINES]
    name = Locale.parse(sender_language.partition("-")[0]).territories.get(country, country)
    return (*lines[: _MOST_LINES - 1], name.upper())
