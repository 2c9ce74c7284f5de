"""Finds out in which encoding a file is text, and says so when it is none."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from io import TextIOWrapper

from arfollow.exchange.files import CHUNK, File
from arfollow.values.refusals import N_, Refusal

ENCODINGS: Mapping[str, str] = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
    "iso8859-15": "ISO 8859-15",
    "cp850": "DOS (850)",
}
CHOSEN_ENCODINGS = ("utf-8", "cp1252", "iso8859-15", "utf-16", "cp850")
"""Those that somebody can choose."""

_PICTURE = N_("this is a picture; ask for the list as CSV or XLSX.")
_PACKED = N_("this is a packed archive; unpack it, and choose the files that are in it.")
_PAGE = N_(
    "this is a web page or XML, whatever its name says; open it in a spreadsheet, and save it as XLSX or CSV."
)
_FOREIGN = {
    b"%PDF": N_("this is a PDF; export the list as CSV or XLSX from the program that it comes from."),
    # Packed workbooks with a password come in the frame of the old ones.
    b"\xd0\xcf\x11\xe0": N_(
        "this workbook has a password, or is in an old format (such as .xls); open it, and save it as XLSX without a password, or as CSV."
    ),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"\x1f\x8b": _PACKED,
    b"7z\xbc\xaf": _PACKED,
    b"Rar!": _PACKED,
    b"{\\rtf": N_("this is a text document; save the list as CSV or XLSX."),
    b"<!doctype": _PAGE,
    b"<html": _PAGE,
    b"<table": _PAGE,
    b"<?xml": _PAGE,
}
"""What some kinds of file begin with, and what to do about them; in lower case where it is text."""
_LONGEST_BEGINNING = 16
_CONTROLS = bytes(each for each in range(32) if each not in b"\t\n\v\f\r\x1a\x1b")
"""Bytes that stand in no text of one byte a character: all controls but blanks, and those that end a file or change a font."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class UnreadableFileError(Refusal, ValueError):
    """The file is no text file with rows and columns; the message says what it seems to be."""

    def __init__(self, message: str, *, line: int | None = None, **values: object) -> None:
        super().__init__(message, **values)
        self.line = line


class ForeignFileError(UnreadableFileError):
    """The file holds no rows and columns, in whatever encoding and with whatever delimiter somebody chooses."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text; `is_whole`: its last line has an end."""

    file: File
    encoding: str
    is_whole: bool = True

    def open(self) -> TextIOWrapper:
        """The text from the beginning, its line ends as they are."""
        return TextIOWrapper(self.file.open(), encoding=self.encoding, newline="")


def text_of(file: File, encoding: str | None = None) -> Text:
    """The file as text: in that encoding, else in what its byte order mark says, else UTF-16, UTF-8 or Windows-1252.

    Raise UnreadableFileError; ForeignFileError when no other encoding would help.
    """
    with file.open() as opened:
        beginning = opened.read(_LONGEST_BEGINNING)
        if not beginning.strip() and not any(
            chunk.strip() for chunk in iter(lambda: opened.read(CHUNK), b"")
        ):
            raise ForeignFileError(N_("the file is empty."))
    _refuse_foreign(beginning)
    for each in _chosen(encoding, beginning) if encoding else _encodings(beginning):
        try:
            is_text, is_whole = _looked_through(Text(file, each))
        except UnicodeError:
            continue
        if not is_text:
            break
        if each == "cp1252" and encoding is None:
            _refuse_mixture(file)
        return Text(file, each, is_whole)
    if _is_binary(file):
        raise ForeignFileError(
            N_(
                "this is no text file, or it is encrypted; export the list as CSV or XLSX, without a password."
            )
        )
    if encoding:
        raise UnreadableFileError(
            N_("the file is not in %(encoding)s; choose another encoding."),
            encoding=ENCODINGS.get(encoding, encoding),
        )
    raise UnreadableFileError(
        N_("this is no text file; save it as CSV in UTF-8 (a spreadsheet offers that under “Save as”).")
    )


def _refuse_foreign(beginning: bytes) -> None:
    """Raise ForeignFileError for a kind of file that is known by how it begins."""
    begins = beginning.removeprefix(codecs.BOM_UTF8).lstrip()
    for start, why in _FOREIGN.items():
        if begins.startswith(start) or begins.lower().startswith(start):
            raise ForeignFileError(why)


def _is_binary(file: File) -> bool:
    """Whether the file is text in no encoding that could be chosen."""
    with file.open() as opened:
        chunks = iter(lambda: opened.read(CHUNK), b"")
        if all(chunk == chunk.translate(None, _CONTROLS) for chunk in chunks):
            return False
    return not any(_is_text(Text(file, each)) for each in ("utf-16-le", "utf-16-be"))


def _is_text(text: Text) -> bool:
    try:
        return _looked_through(text)[0]
    except UnicodeError:
        return False


def _refuse_mixture(file: File) -> None:
    """Raise UnreadableFileError when lines beyond ASCII are partly UTF-8 and partly not: read in one of both, names would be wrong."""
    utf8: int | None = None
    other: int | None = None
    with file.open() as opened:
        for number, line in enumerate(opened, 1):
            if line.isascii():
                continue
            try:
                line.decode()
                utf8 = utf8 or number
            except UnicodeDecodeError:
                other = other or number
            if utf8 and other:
                raise UnreadableFileError(
                    N_(
                        "row %(row)s is in UTF-8 and this one is not; save the file anew, all of it in UTF-8."
                    ),
                    row=utf8,
                    line=other,
                )


def _chosen(encoding: str, beginning: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark is as most programs write it, with the small half first; the codec refuses such a file."""
    has_mark = beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return ("utf-16-le",) if encoding == "utf-16" and not has_mark else (encoding,)


def _encodings(beginning: bytes) -> tuple[str, ...]:
    for mark, encoding in _BOMS:
        if beginning.startswith(mark):
            return (encoding,)
    if beginning[1:2] == b"\x00":
        return ("utf-16-le",)
    if beginning[:1] == b"\x00":
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def _looked_through(text: Text) -> tuple[bool, bool]:
    """Whether it is text all through, and whether its last line has an end; raise UnicodeDecodeError."""
    chunk = ""
    with text.open() as opened:
        for chunk in iter(lambda: opened.read(CHUNK), ""):
            if "\x00" in chunk:
                return False, False
    return True, chunk.endswith(("\n", "\r"))
