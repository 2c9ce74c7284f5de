"""Words, dates and figures in the customer's language: a language more is a catalogue more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.support import NullTranslations, Translations

from arfollow.values.days import numeric_day_pattern, time_of_day
from arfollow.values.money import Money, localized
from arfollow.web.locale import ENGLISH_SPEAKING, TRANSLATIONS, languages


@dataclass(frozen=True, slots=True)
class Words:
    """How a reader of `locale` writes things. Its catalogue has the program's words; English stands in the program."""

    locale: str
    translations: NullTranslations

    @property
    def language(self) -> str:
        """The language alone, as HTML and PDF name it."""
        return self.locale.partition("_")[0]

    def gettext(self, message: str, **values: object) -> str:
        """The message in the language, with the values put in where it says `%(name)s`."""
        text: str = self.translations.gettext(message)
        return text % values if values else text

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """The message for that many, with `%(num)s` and the values put in."""
        text: str = self.translations.ngettext(one, many, count)
        return text % {"num": count, **values}

    def day(self, value: date) -> str:
        """`21.11.2026`, `21/11/2026`, `Nov 21, 2026`: for tables. Always with four digits for the year."""
        return format_date(value, _table_pattern(self.locale), locale=self.locale)

    def long_day(self, value: date) -> str:
        """`21 November 2026`: for sentences. The first of a month is `1er` in French, which CLDR's patterns cannot say."""
        written = format_date(value, "long", locale=self.locale)
        return written.replace("1 ", "1er ", 1) if self.language == "fr" and value.day == 1 else written

    def time(self, value: time) -> str:
        """`14:30`, as pages for the same reader write it."""
        return time_of_day(value, locale=self.locale)

    def money(self, minor: int, currency: str) -> str:
        """`EUR 1,240.50`."""
        return localized(Money(currency, minor), self.locale)

    def number(self, minor: int, currency: str) -> str:
        """`1,240.50`, where a heading names the currency."""
        return localized(Money(currency, minor), self.locale, symbol=False)

    def amounts(self, by_currency: dict[str, int]) -> str:
        """`EUR 1,240.50 and CHF 80.00`; a zero without a currency for none."""
        parts = [self.money(minor, currency) for currency, minor in sorted(by_currency.items())]
        return format_list(parts, locale=self.locale) if parts else "0"


@lru_cache(maxsize=64)
def words(locale: str) -> Words:
    """The words of a locale such as `de_CH`."""
    language = locale.partition("_")[0]
    found = Translations.load(str(TRANSLATIONS), [language]) if language != "en" else NullTranslations()
    return Words(locale, found)


def letter_locale(*, spoken: Sequence[str], country: str) -> str:
    """The locale of a letter: the first of these languages that has a catalogue, else English, as the country writes it."""
    known = languages()
    language = next((tag for each in spoken if (tag := _base(each)) in known), "en")
    # Elsewhere English is written as the world writes it.
    territory = "001" if language == "en" and country not in ENGLISH_SPEAKING else country
    try:
        return str(Locale.parse(f"{language}_{territory}"))
    except (UnknownLocaleError, ValueError):
        return language


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0]


@lru_cache(maxsize=64)
def _table_pattern(locale: str) -> str:
    # "3/4/26" is April for some and March for others: an English letter names the month.
    if locale.startswith("en"):
        return str(Locale.parse(locale).date_formats["medium"].pattern)
    return numeric_day_pattern(locale)
