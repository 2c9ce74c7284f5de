"""Several PDFs as one, for the printer."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO


def merged(pdfs: Iterable[bytes]) -> bytes:
    """All their pages, one after the other."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for each in pdfs:
        writer.append(BytesIO(each), import_outline=False)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()
