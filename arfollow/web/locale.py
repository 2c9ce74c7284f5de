"""Which language and which number format pages and letters speak."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from flask import request

LANGUAGES = ("en",)
"""Languages that all pages speak. A catalogue that has the words of letters alone would make pages of two languages."""

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
# Countries whose own English a reader expects; in all others English is written as in Europe (21 Nov, 14:30, 1,240.50).
ENGLISH_SPEAKING = frozenset("AU CA GB IE IN NZ US ZA".split())


@lru_cache(maxsize=1)
def letter_languages() -> tuple[str, ...]:
    """English, and every language that has a compiled catalogue; ISO 639 codes in order."""
    catalogues = {path.parent.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo")}
    return ("en", *sorted(catalogues - {"en"}))


def page_locale(*, language: str, country: str) -> Locale:
    """The locale of pages for a company: its language where pages speak it, else English, as its country writes it."""
    spoken = language.partition("-")[0]
    if spoken not in LANGUAGES:
        spoken = "en"
    territory = "150" if spoken == "en" and country not in ENGLISH_SPEAKING else country
    try:
        return Locale.parse(f"{spoken}_{territory}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(spoken)


def browser_locale() -> Locale:
    """The locale for somebody who has not signed in: the best that the browser asks for."""
    spoken = request.accept_languages.best_match(LANGUAGES, default="en") or "en"
    return page_locale(language=spoken, country="")
