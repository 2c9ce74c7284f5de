from io import BytesIO

import pytest
from PIL import Image, ImageFile

from arfollow.companies.logo import LARGEST_BYTES, PNG, SVG, LogoError, checked_logo


def svg(inside: str, attributes: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" {attributes}>{inside}</svg>'.encode()


def png(width: int = 8, height: int = 8) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "teal").save(file, "PNG")
    return file.getvalue()


def test_an_svg_keeps_its_shapes_and_styles():
    drawing = svg('<style>.a{fill:red}</style><g class="a"><path d="M0 0h5v5z"/></g><text x="1">ACME</text>')

    media_type, content = checked_logo(drawing)

    assert media_type == SVG
    for part in (b'd="M0 0h5v5z"', b".a{fill:red}", b"ACME", b'viewBox="0 0 10 10"'):
        assert part in content


def test_what_drawing_programs_note_for_themselves_is_left_out():
    drawing = svg(
        '<metadata>by Ana</metadata><i:pane xmlns:i="http://www.inkscape.org/"/><rect width="5" height="5"/>',
        'xmlns:x="http://x.example/" x:saved="yes" onload="go()"',
    )

    _, content = checked_logo(drawing)

    assert b"rect" in content
    for part in (b"Ana", b"inkscape", b"saved", b"onload", b"go()"):
        assert part not in content


@pytest.mark.parametrize(
    "inside",
    [
        "<script>go()</script>",
        "<foreignObject><p/></foreignObject>",
        '<image href="logo.png"/>',
        '<animate attributeName="x"/>',
        '<a href="#x"><path d=""/></a>',
        '<use href="https://evil.example/#a"/>',
        '<use xmlns:l="http://www.w3.org/1999/xlink" l:href="file:///etc/passwd"/>',
        '<rect style="fill: url(https://evil.example/)"/>',
        "<rect style=\"fill: url( '//evil.example')\"/>",
        '<rect fill="url(data:x)"/>',
        "<style>@import 'https://evil.example/a.css';</style>",
        "<style>@font-face { src: x }</style>",
        "<style>.a { fill: \\75rl(https://evil.example) }</style>",
    ],
)
def test_an_svg_that_runs_or_fetches_something_is_refused(inside):
    with pytest.raises(LogoError):
        checked_logo(svg(inside))


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"<svg/>",
        b"<html><svg></svg></html>",
        svg("<g>" * 200 + "</g>" * 200),
        svg('<g id="a"><use href="#b"/></g><g id="b"><path d=""/></g><use href="#a"/>'),
        b"GIF89a",
        b"",
        b"\x89PNG\r\n\x1a\n" + b"damaged",
        png()[:50],
        b"<svg" + b" " * LARGEST_BYTES,
    ],
    ids=["entities", "cut", "namespace", "html", "deep", "bomb", "gif", "empty", "damaged", "short", "large"],
)
@pytest.mark.parametrize("lenient", [False, True])
def test_what_is_no_harmless_image_is_refused(content, lenient, monkeypatch):
    # WeasyPrint sets it, once the first letter was rendered.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    with pytest.raises(LogoError):
        checked_logo(content)


def test_a_local_reference_is_fine():
    drawing = svg(
        '<defs><clipPath id="a"><path d=""/></clipPath></defs><g clip-path="url(#a)"><path d=""/></g>'
    )

    assert b"url(#a)" in checked_logo(drawing)[1]


def test_a_png_is_written_anew_without_what_it_carried():
    content = png() + b"hidden"

    media_type, kept = checked_logo(content)

    assert media_type == PNG
    assert b"hidden" not in kept
    assert Image.open(BytesIO(kept)).size == (8, 8)


def test_a_png_of_too_many_pixels_is_refused():
    with pytest.raises(LogoError, match="2001 × 1 pixels"):
        checked_logo(png(2001, 1))
