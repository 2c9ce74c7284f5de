"""Languages in which levels are worded: those that letters have all their other words in."""

from __future__ import annotations

from functools import lru_cache

from arfollow.web.locale import TRANSLATIONS


@lru_cache(maxsize=1)
def letter_languages() -> tuple[str, ...]:
    """English, and every language that has a compiled catalogue; ISO 639 codes in order."""
    catalogues = {path.parent.parent.name for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo")}
    return ("en", *sorted(catalogues - {"en"}))
