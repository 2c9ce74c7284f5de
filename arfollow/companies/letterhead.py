"""Letterheads: what a company may choose of its letters' looks, and what stands for what it has not chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit

from arfollow.companies.rules import SettingError
from arfollow.values.refusals import N_, Quoted

ACCENT = "#0d6763"
"""The colour of letters of a company that has chosen none."""
PLACES = ("reference", "amount", "currency", "customer")
"""What a pay link may name in braces."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PLACE = re.compile(r"\{([^{}]*)\}")
_LONGEST_LINK = 500
# Source: WCAG 2.2, success criterion 1.4.3 (contrast, minimum): small text, and text from 14 points bold.
_READABLE, _READABLE_LARGE = 4.5, 3.0
_LINEAR_BELOW = 0.04045
# Envelopes with their window at the right. Source: NF Z 11-001 (FR, and the post of BE and LU), SN 010130 (CH), UNI (IT).
_RIGHT = frozenset("BE CH ES FR IT LI LU MC PT".split())
_US = frozenset("CA MX PR US".split())


class Window(StrEnum):
    """Where the envelope's window shows the address."""

    DIN_B = "din-b"
    DIN_A = "din-a"
    RIGHT = "right"
    US = "us"


OURS, THEIRS = "ours", "theirs"
"""Choices of a company beside a window itself: that which is usual in its own country, or in the customer's."""
WINDOW_CHOICES = (OURS, THEIRS, *Window)


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What a company chose; empty text: the usual. `footer` is the foot's right column; `window`: one of WINDOW_CHOICES."""

    accent: str
    window: str
    sender_line: str
    contact_line: str
    footer_left: str
    footer_middle: str
    footer: str
    pay_link: str
    payment_codes: bool


def window_of(chosen: str, *, company_country: str, customer_country: str) -> Window:
    """The window that a letter to the customer is laid out for."""
    if chosen in set(Window):
        return Window(chosen)
    country = (customer_country if chosen == THEIRS else "") or company_country
    if country in _RIGHT:
        return Window.RIGHT
    return Window.US if country in _US else Window.DIN_B


def checked_accent(text: str) -> str:
    """The colour as `#0d6763`; empty stays empty. Raise SettingError."""
    colour = text.strip().lower()
    if colour and not _COLOUR.fullmatch(colour):
        raise SettingError(
            N_("%(text)s is not a colour: write # and six digits from 0 to f, such as %(example)s."),
            text=Quoted(text),
            example=ACCENT,
        )
    return colour


def contrast(one: str, other: str) -> float:
    """How well two colours such as `#0d6763` stand apart, from 1 to 21. Source: WCAG 2.2, contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Legibility(StrEnum):
    """What a colour on white paper is good for."""

    GOOD = "good"
    LARGE_ONLY = "large"
    POOR = "poor"


def legibility(accent: str) -> Legibility:
    """Whether the accent can be read on white: amounts and headings of letters are written in it."""
    ratio = contrast(accent or ACCENT, "#ffffff")
    if ratio >= _READABLE:
        return Legibility.GOOD
    return Legibility.LARGE_ONLY if ratio >= _READABLE_LARGE else Legibility.POOR


def tint(accent: str, share: float) -> str:
    """The colour mixed with white: `share` 1 is the colour itself, 0 is white."""
    return _hex(255 - (255 - part) * share for part in _parts(accent))


def ink(accent: str) -> str:
    """The colour as text: as it is where it can be read on white, else darkened until it can."""
    parts = _parts(accent)
    while contrast(_hex(parts), "#ffffff") < _READABLE:
        parts = tuple(part * 0.95 for part in parts)
    return _hex(parts)


def checked_pay_link(text: str) -> str:
    """A pay link with known places only; empty stays empty. Raise SettingError."""
    link = text.strip()
    if not link:
        return ""
    unknown = sorted({place for place in _PLACE.findall(link) if place not in PLACES})
    if unknown:
        known = ", ".join(f"{{{place}}}" for place in PLACES)
        raise SettingError(
            N_("%(place)s is nothing that we could fill in; known are %(known)s."),
            place=f"{{{unknown[0]}}}",
            known=known,
        )
    bare = _PLACE.sub("x", link)
    parts = urlsplit(bare) if _is_plain(bare) else None
    if parts is None or parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise SettingError(N_("A pay link begins with https:// and the name of a server, and has no blanks."))
    if _PLACE.search(_server(link)):
        raise SettingError(
            N_("The name of the server is the same for everybody: no place to fill in may stand in it.")
        )
    if len(link) > _LONGEST_LINK:
        raise SettingError(N_("The pay link is too long: at most %(most)s characters."), most=_LONGEST_LINK)
    return link


def _server(link: str) -> str:
    """What stands between `//` and the next `/`, `?` or `#`."""
    return re.split(r"[/?#]", link.partition("//")[2], maxsplit=1)[0]


def filled_pay_link(link: str, values: Mapping[str, str]) -> str:
    """The link with each place filled in, escaped so that a value can add nothing to the address."""
    return _PLACE.sub(lambda place: quote(values[place[1]], safe=""), link)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and not re.search(r"[\s\"'<>\\^`{|}]", text)


def _parts(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def _hex(parts: Iterable[float]) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _LINEAR_BELOW else float(((part + 0.055) / 1.055) ** 2.4)
