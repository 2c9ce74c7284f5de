"""Pages of our own PDFs as images, for a preview that needs nothing but a browser."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from threading import Lock

# PDFium keeps its state for the whole process.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Page:
    """A page as PNG, and its size in pixels."""

    png: bytes
    width: int
    height: int


def pages(pdf: bytes, *, width: int, most: int) -> tuple[tuple[Page, ...], int]:
    """The first pages, at most so many, each so many pixels wide; and how many there are in all."""
    import pypdfium2

    with _one_at_a_time, pypdfium2.PdfDocument(pdf) as document:
        count = len(document)
        return tuple(_page(document[index], width) for index in range(min(count, most))), count


def page_at(pdf: bytes, *, width: int, number: int) -> tuple[Page, int, int]:
    """The page of that number (from 1), else the last; its number, and how many there are."""
    import pypdfium2

    with _one_at_a_time, pypdfium2.PdfDocument(pdf) as document:
        count = len(document)
        shown = min(number, count)
        return _page(document[shown - 1], width), shown, count


def _page(page: object, width: int) -> Page:
    image = page.render(scale=width / page.get_width()).to_pil()  # type: ignore[attr-defined]  # untyped library
    content = BytesIO()
    image.save(content, "PNG")
    return Page(png=content.getvalue(), width=image.width, height=image.height)
