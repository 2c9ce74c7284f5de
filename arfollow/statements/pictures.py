"""Pages of a PDF as pictures, for previews beside an editor."""

from __future__ import annotations

from io import BytesIO
from threading import Lock

_POINTS_PER_INCH = 72
# PDFium keeps state that threads may not share.
_one_at_a_time = Lock()


class NoPageError(LookupError):
    """The document has no such page."""

    def __init__(self, page: int, pages: int) -> None:
        super().__init__(f"There is no page {page}: the document has {pages}.")


def page_count(pdf: bytes) -> int:
    """How many pages the document has."""
    import pypdfium2

    with _one_at_a_time, pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def page_png(pdf: bytes, *, page: int = 1, dots_per_inch: int = 110) -> bytes:
    """The page, counted from 1, as a PNG image; raise NoPageError."""
    # A library of several megabytes, which only previews need.
    import pypdfium2

    with _one_at_a_time, pypdfium2.PdfDocument(pdf) as document:
        if not 1 <= page <= len(document):
            raise NoPageError(page, len(document))
        image = document[page - 1].render(scale=dots_per_inch / _POINTS_PER_INCH).to_pil()
    written = BytesIO()
    # Fast rather than small: the picture is looked at once.
    image.convert("P", palette=1, colors=128).save(written, "PNG", compress_level=1)
    return written.getvalue()
