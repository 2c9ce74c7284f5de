"""Many letters in one PDF, as a printer wants them."""

from __future__ import annotations

from io import BytesIO
from typing import IO

from pypdf import PdfReader, PdfWriter


class Pile:
    """Letters one behind the other.

    `duplex`: each begins on a front side, with an empty back before it where it has to be.
    """

    def __init__(self, *, duplex: bool = False) -> None:
        self._duplex = duplex
        self._writer = PdfWriter()

    def add(self, content: bytes) -> int:
        """Put a letter at the end; gives its pages, without an empty back."""
        reader = PdfReader(BytesIO(content))
        for page in reader.pages:
            self._writer.add_page(page)
        # Else the whole letter, its tags included, would stay in memory until the end.
        self._writer.reset_translation(reader)
        if self._ends_on_front(len(reader.pages)):
            self._writer.add_blank_page()
        return len(reader.pages)

    def write(self, file: IO[bytes], *, cover: bytes | None = None) -> None:
        """Write it all, the cover first if there is one."""
        if cover is not None:
            self._put_first(cover)
        self._writer.write(file)

    def _put_first(self, cover: bytes) -> None:
        pages = PdfReader(BytesIO(cover)).pages
        for number, page in enumerate(pages):
            self._writer.insert_page(page, number)
        if self._ends_on_front(len(pages)):
            self._writer.insert_blank_page(index=len(pages))

    def _ends_on_front(self, pages: int) -> bool:
        return self._duplex and pages % 2 == 1
