"""Which language and which number format pages and letters speak."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from flask import g, has_request_context, request
from flask_babel import refresh

TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"
# Countries whose own English a reader expects; in all others English is written as in Europe (21 Nov, 14:30, 1,240.50).
ENGLISH_SPEAKING = frozenset("AU CA GB IE IN NZ US ZA".split())


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """What pages, e-mails and letters speak: English, and every language that has a compiled catalogue; ISO 639 codes in order."""
    catalogues = {path.parent.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo")}
    return ("en", *sorted(catalogues - {"en"}))


def page_locale(*, language: str, country: str) -> Locale:
    """The locale of a page: this language where pages speak it, else English, as the company's country writes it."""
    spoken = language.partition("-")[0]
    if spoken not in languages():
        spoken = "en"
    territory = "150" if spoken == "en" and country not in ENGLISH_SPEAKING else country
    try:
        return Locale.parse(f"{spoken}_{territory}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(spoken)


def own_name(language: str) -> str:
    """What its speakers call the language: `Deutsch`, `English`, `Français`."""
    name = Locale.parse(language, sep="-").get_display_name(language) or language
    return name[:1].upper() + name[1:]


def browser_locale() -> Locale:
    """The locale for somebody who has not signed in: the best that the browser asks for."""
    spoken = request.accept_languages.best_match(languages(), default="en") or "en"
    return page_locale(language=spoken, country="")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the page: the locale that it is written in, and the time zone of its instants."""

    locale: Locale
    timezone: str


def speak_to(reader: Reader) -> None:
    """Write the rest of this answer for somebody who has not signed in, but whose language is known: a customer."""
    g.reader_of_page = reader
    g.pop("reader", None)
    refresh()


def known_reader() -> Reader | None:
    """Whom `speak_to` named in this request; None: nobody."""
    found: Reader | None = g.get("reader_of_page") if has_request_context() else None
    return found
