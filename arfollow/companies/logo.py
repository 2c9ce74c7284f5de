"""Logos: what of an uploaded image may be kept, and shown on letters, pages and in mails."""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.parsers import expat

from PIL import Image

from arfollow.values.refusals import N_, Refusal

LARGEST_BYTES = 300 * 1024
LARGEST_PIXELS = 2000
SVG = "image/svg+xml"
PNG = "image/png"
JPEG = "image/jpeg"

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG_SIGNATURE = b"\xff\xd8\xff"
# 70 mm on paper at 400 dots an inch: more would only make every letter larger and slower.
_USEFUL_PIXELS = 1100
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_USE = f"{_NAMESPACE}use"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_ELEMENTS = frozenset(
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan title desc style "
    "linearGradient radialGradient stop clipPath".split()
)
_DEEPEST = 100
# A reference leads to another part of the same drawing, or nowhere.
_ELSEWHERE = re.compile(r"@import|@font-face|\\|url\(\s*['\"]?\s*(?!#)", re.IGNORECASE)


class LogoError(Refusal, ValueError):
    """The image can't be used as a logo; the message says why."""


class OutsideError(LogoError):
    """The SVG file refers to something outside itself."""

    def __init__(self) -> None:
        super().__init__(N_("The SVG file refers to something outside itself: embed or remove it."))


def checked_logo(content: bytes) -> tuple[str, bytes]:
    """Media type and bytes of a logo that is safe to show; raise LogoError.

    A PNG or JPEG is written anew, without what it carried besides pixels. An SVG keeps shapes, text and styles and loses what
    drawing programs note for themselves; one that holds anything else, or refers to anything outside, is refused.
    """
    if len(content) > LARGEST_BYTES:
        raise LogoError(
            N_("The logo has %(size)s kB; at most %(most)s kB are allowed."),
            size=len(content) // 1024,
            most=LARGEST_BYTES // 1024,
        )
    if content.startswith(_PNG_SIGNATURE):
        return PNG, _redrawn(content, "PNG", mode="RGBA", optimize=True)
    if content.startswith(_JPEG_SIGNATURE):
        return JPEG, _redrawn(content, "JPEG", mode="RGB", quality=92)
    if b"<svg" in content:
        return SVG, _checked_svg(content)
    raise LogoError(N_("The logo has to be an SVG, a PNG or a JPEG file."))


def _redrawn(content: bytes, kind: str, *, mode: str, **options: object) -> bytes:
    """The pixels of the image, written anew and no more of them than paper can show."""
    try:
        with Image.open(BytesIO(content), formats=[kind]) as image:
            if max(image.size) > LARGEST_PIXELS:
                raise LogoError(
                    N_("The logo has %(width)s × %(height)s pixels; at most %(most)s each way."),
                    width=image.width,
                    height=image.height,
                    most=LARGEST_PIXELS,
                )
            # Pillow loads what is cut short, once WeasyPrint has asked it to.
            image.verify()
        with Image.open(BytesIO(content), formats=[kind]) as image:
            plain = image.convert(mode)
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, LogoError):
            raise
        raise LogoError(N_("The %(kind)s file is damaged."), kind=kind) from None
    plain.thumbnail((_USEFUL_PIXELS, _USEFUL_PIXELS))
    written = BytesIO()
    plain.save(written, kind, **options)
    return written.getvalue()


def _checked_svg(content: bytes) -> bytes:
    root = _parse(content)
    if root.tag != f"{_NAMESPACE}svg":
        raise LogoError(N_("The SVG file's first element is not <svg> of the SVG namespace."))
    _clean(root)
    _refuse_repetition(root)
    ET.register_namespace("", _NAMESPACE.strip("{}"))
    cleaned: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return cleaned


def _parse(content: bytes) -> ET.Element:
    """The tree of a file without a document type: entities are what attacks on XML readers are made of."""
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    depth = 0

    def refuse(*_declaration: object) -> None:
        raise LogoError(N_("The SVG file declares a document type (<!DOCTYPE …>): save it as plain SVG."))

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise LogoError(N_("The SVG file is nested too deeply."))
        builder.start(_clark(name), {_clark(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_clark(name))

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise LogoError(N_("The SVG file can't be read: %(why)s."), why=str(error)) from None
    return builder.close()


def _clark(name: str) -> str:
    return "{" + name if "}" in name else name


def _clean(element: ET.Element) -> None:
    """Take out foreign attributes and elements, here and below; raise LogoError for what a logo may not have."""
    for name, value in list(element.attrib.items()):
        if name.lower().startswith("on") or (name.startswith("{") and name != _XLINK_HREF):
            del element.attrib[name]
        elif (name in ("href", _XLINK_HREF) and not value.startswith("#")) or _ELSEWHERE.search(value):
            raise OutsideError
    if element.tag == f"{_NAMESPACE}style" and _ELSEWHERE.search(element.text or ""):
        raise OutsideError
    for child in list(element):
        if not child.tag.startswith(_NAMESPACE) or child.tag == f"{_NAMESPACE}metadata":
            element.remove(child)
        elif child.tag.removeprefix(_NAMESPACE) in _ELEMENTS:
            _clean(child)
        else:
            raise LogoError(
                N_("The SVG file has a <%(element)s>, which a logo may not have."),
                element=child.tag.removeprefix(_NAMESPACE),
            )


def _refuse_repetition(root: ET.Element) -> None:
    """Copies of copies of copies would keep a renderer busy for hours."""
    repeated = {use.get("href") or use.get(_XLINK_HREF) for use in root.iter(_USE)}
    for element in root.iter():
        if f"#{element.get('id')}" in repeated and next(element.iter(_USE), None) is not None:
            raise LogoError(N_("The SVG file repeats a part that itself repeats others: flatten it."))
