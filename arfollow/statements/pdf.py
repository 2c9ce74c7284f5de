"""HTML to PDF: the same input gives the same bytes, and nothing outside the input is ever read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from prometheus_client import Histogram

from arfollow.companies.letterhead import Window, ink, tint
from arfollow.web.templates import templates_folder

_FONTS = Path(__file__).with_name("fonts.conf")
_STYLES = (
    "letter.css",
    "a4.css",
    "us_letter.css",
    "cover.css",
    *(f"window-{window}.css" for window in Window),
)
# In templates/letters/accent.css each of these stands for a colour made of the accent.
_COLOURS: Mapping[str, Callable[[str], str]] = {
    "$ink": ink,
    "$accent": lambda accent: accent,
    "$tint": lambda accent: tint(accent, 0.12),
}
# Pango's font maps are not safe to share between threads, and threads would not make it faster.
_one_at_a_time = Lock()
_SECONDS = Histogram(
    "arfollow_pdf_seconds", "Time to render a PDF.", buckets=(0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
)


class OutsideError(ValueError):
    """A document asked for something outside itself."""

    def __init__(self, address: str) -> None:
        super().__init__(f"A letter may not load {address[:80]!r}.")


def pdf(
    html: str, *, styles: tuple[str, ...], images: Mapping[str, tuple[str, bytes]], accent: str = ""
) -> bytes:
    """The PDF of a document, tagged, with its title, author and language.

    `styles` are names of style sheets in templates/letters; `accent`: the colour of the one that is of colours alone. `images`: media type and bytes by the address that the document
    uses, such as `image:logo`; any other address leads nowhere.
    """
    with _one_at_a_time, _SECONDS.time():
        weasyprint, fonts = _library()
        document = weasyprint.HTML(string=html, base_url="letter:", url_fetcher=_Closed(images))
        sheets = [_style(name) for name in styles] + ([_accented(accent)] if accent else [])
        content: bytes = document.write_pdf(font_config=fonts, stylesheets=sheets, pdf_tags=True)
    return content


def warm_up() -> None:
    """Load now what is loaded once: WeasyPrint, the fonts and the style sheets."""
    with _one_at_a_time:
        for name in _STYLES:
            _style(name)


@lru_cache(maxsize=1)
def _library() -> tuple[Any, Any]:
    """WeasyPrint and its fonts; imported when first needed, since that takes a while."""
    with _own_fonts():
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        return weasyprint, FontConfiguration()


@contextmanager
def _own_fonts() -> Iterator[None]:
    """Let Fontconfig read our configuration, without leaving it to programs that are started later."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_FONTS)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@lru_cache(maxsize=len(_STYLES))
def _style(name: str) -> Any:
    return _parsed((templates_folder() / "letters" / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def _accented(accent: str) -> Any:
    """The style sheet of colours, with those of this accent."""
    text = (templates_folder() / "letters" / "accent.css").read_text(encoding="utf-8")
    for name, colour in _COLOURS.items():
        text = text.replace(name, colour(accent))
    return _parsed(text)


def _parsed(text: str) -> Any:
    weasyprint, fonts = _library()
    return weasyprint.CSS(string=text, font_config=fonts, url_fetcher=_Closed({}))


@dataclass(frozen=True, slots=True)
class _Closed:
    """What WeasyPrint asks for addresses: it knows these images and nothing else."""

    images: Mapping[str, tuple[str, bytes]]
    # WeasyPrint's own name: a missing image leaves a gap and a line in the log, and does not end the process.
    _fail_on_errors: bool = False

    def __call__(self, url: str) -> Any:
        """The image; raise OutsideError for any other address."""
        from weasyprint.urls import URLFetcherResponse

        if url not in self.images:
            raise OutsideError(url)
        media_type, content = self.images[url]
        return URLFetcherResponse(url, body=content, headers={"Content-Type": media_type})
