"""Which language and which number format a page speaks."""

from __future__ import annotations

from pathlib import Path

from babel import Locale, UnknownLocaleError
from flask import request

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
# Countries whose own English a reader expects; in all others English is written as the world writes it.
_ENGLISH_SPEAKING = frozenset("AU CA GB IE IN NZ US ZA".split())


def languages() -> tuple[str, ...]:
    """Languages that pages can speak: English, and every catalogue."""
    catalogues = {path.parent.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES/*.mo")}
    return ("en", *sorted(catalogues - {"en"}))


def page_locale(*, language: str, country: str) -> Locale:
    """The locale of pages for a company: its language where there is a catalogue, else English, as its country writes it."""
    spoken = language.partition("-")[0]
    if spoken not in languages():
        spoken = "en"
    territory = "001" if spoken == "en" and country not in _ENGLISH_SPEAKING else country
    try:
        return Locale.parse(f"{spoken}_{territory}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(spoken)


def browser_locale() -> Locale:
    """The locale for somebody who has not signed in: the best that the browser asks for."""
    spoken = request.accept_languages.best_match(languages(), default="en") or "en"
    return page_locale(language=spoken, country="")
