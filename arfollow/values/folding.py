"""Text as a search sees it: without case and accents."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """The text without case and accents, blanks made one: `BÄCKEREI  Ümit` and `backerei umit` are alike."""
    if text.isascii():
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
