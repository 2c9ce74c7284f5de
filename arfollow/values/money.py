"""Money: integer minor units of one currency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.numbers import format_currency, format_decimal

from arfollow.values.refusals import N_, Quoted, Refusal, english

_CURRENCIES: Mapping[str, object] = get_global("all_currencies")
_OTHER_DECIMALS: Mapping[str, int] = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
_PLAIN = re.compile(r"[+-]?(?=\.?[0-9])[0-9]*\.?(?P<fraction>[0-9]*)", re.ASCII)
LARGEST = 10**15
"""No amount is as large, in minor units of any currency: nine such still are a number that every JSON reader keeps exact."""


class UnknownCurrencyError(Refusal, ValueError):
    """{code!r} is not an ISO 4217 currency code."""

    def __init__(self, code: str) -> None:
        super().__init__(N_("%(code)s is not an ISO 4217 currency code."), code=Quoted(code))


class AmountError(Refusal, ValueError):
    """The text is no amount of the currency; the message says why."""


def decimals(currency: str) -> int:
    """Decimal places of a currency: JPY 0, EUR 2, KWD 3, CLF 4; raise UnknownCurrencyError. Source: ISO 4217."""
    if currency not in _CURRENCIES:
        raise UnknownCurrencyError(currency)
    return _OTHER_DECIMALS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of one currency in its minor unit; never added to another currency."""

    currency: str
    minor: int

    def __add__(self, other: Money) -> Money:
        """Raise ValueError when the currencies differ."""
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added.")
        return Money(self.currency, self.minor + other.minor)

    def __sub__(self, other: Money) -> Money:
        """Raise ValueError when the currencies differ."""
        return self + Money(other.currency, -other.minor)

    def __neg__(self) -> Money:
        """The same amount with the other sign."""
        return Money(self.currency, -self.minor)

    def __bool__(self) -> bool:
        """False for exactly zero."""
        return self.minor != 0

    def __str__(self) -> str:
        """Plain decimal text with all decimals of the currency, no grouping: `1234.50`."""
        return plain(self.minor, self.currency)


def plain(minor: int, currency: str) -> str:
    """Decimal text with exactly the currency's decimals and a point: `1000` JPY, `60.00` EUR, `1.200` KWD."""
    return f"{Decimal(minor).scaleb(-decimals(currency)):.{decimals(currency)}f}"


def parse_decimal(text: str, currency: str) -> int:
    """Minor units of plain decimal text (point, no grouping); raise AmountError, UnknownCurrencyError."""
    places = decimals(currency)
    parts = _PLAIN.fullmatch(text.strip())
    if parts is None:
        raise AmountError(N_("%(text)s is not an amount."), text=Quoted(text))
    if len(parts["fraction"].rstrip("0")) > places:
        raise AmountError(
            N_("%(text)s has more than the %(places)s decimals of %(currency)s."),
            text=Quoted(text),
            currency=currency,
            places=places,
        )
    value = Decimal(text.strip())
    if value.copy_abs() >= LARGEST // 10**places:
        raise AmountError(N_("%(text)s is not an amount that can be booked."), text=Quoted(text))
    return int(value.scaleb(places))


@lru_cache(maxsize=20_000)
def localized(money: Money, locale: str, *, symbol: bool = True) -> str:
    """The amount as a reader of `locale` writes it, with the ISO code where it belongs there when `symbol`.

    `EUR 1,240.50` in English and in Austria, `1.240,50 EUR` in German and `1 240,50 EUR` in French. Source: CLDR.
    """
    places = decimals(money.currency)
    value = Decimal(money.minor).scaleb(-places)
    number = "#,##0" + ("." + "0" * places if places else "")
    if not symbol:
        return format_decimal(value, format=number, locale=locale)
    space = "\N{NO-BREAK SPACE}"
    before, after = (f"¤¤{space}", "") if _code_comes_first(locale) else ("", f"{space}¤¤")
    pattern = f"{before}{number}{after};{before}-{number}{after}"
    return format_currency(value, money.currency, format=pattern, locale=locale, currency_digits=False)


def spelled_amount(money: Money) -> str:
    """The amount as no reader takes for another, for sentences that stand for good: `EUR 1,240.50`."""
    return f"{money.currency} {localized(money, 'en', symbol=False)}"


@english.register
def _money(value: Money) -> str:
    return spelled_amount(value)


@lru_cache(maxsize=64)
def _code_comes_first(locale: str) -> bool:
    # CLDR's English of Europe writes "10.00 EUR"; who reads English there has learnt it elsewhere.
    return (
        locale.startswith("en")
        or "¤" in str(Locale.parse(locale).currency_formats["standard"].pattern).partition("#")[0]
    )


def totals(amounts: Iterable[Money]) -> dict[str, int]:
    """Minor units by currency, sorted by code; currencies whose total is 0 are left out."""
    sums: dict[str, int] = {}
    for money in amounts:
        sums[money.currency] = sums.get(money.currency, 0) + money.minor
    return {currency: sums[currency] for currency in sorted(sums) if sums[currency]}
