"""Single facts of a customer's profile, cleaned; what cannot be right is refused in words."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date

from arfollow.receivables.rules.fields import line
from arfollow.values.refusals import N_, Quoted, Refusal

Data = str | int | bool | list[str]
"""What an event may tell under a name."""

LONGEST_VALUE = 500
LONGEST_KEY = 200
MOST_DATA = 10_000
"""Characters that an event may carry."""

CHANNELS = ("email", "sms", "letter")
"""What a customer can agree or object to."""

_LONGEST_NAME = 40
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_POINTS = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}")
_HEADINGS = frozenset(
    {"customer", "number", "customer number", "kunde", "kundennummer", "nummer", "client", "numéro"}
)
_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,14}", re.ASCII)


class ProfileError(Refusal, ValueError):
    """The fact cannot be kept; the message says why."""


class LongKeyError(ProfileError):
    """What an event tells under `name` is too long to tell one thing from another."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            N_("“%(name)s” tells workflows what the event is about, and has at most %(most)s characters."),
            name=name,
            most=LONGEST_KEY,
        )


def check_keys(kind: str, data: Mapping[str, Data], keys: Mapping[str, Collection[str]]) -> None:
    """Raise LongKeyError for what could be nobody's key; `keys`: the names under which events tell one, by their kind."""
    for name in sorted(keys.get(kind, ())):
        if len(str(data.get(name, ""))) > LONGEST_KEY:
            raise LongKeyError(name)


def field_name(text: str) -> str:
    """The name of a field or an event: small letters, digits and underlines; raise ProfileError."""
    name = text.strip().casefold().replace(" ", "_").replace("-", "_")
    if not _NAME.fullmatch(name):
        raise ProfileError(
            N_("%(text)s is no name: small letters, digits and underlines, such as lease_start."),
            text=Quoted(text),
        )
    return name


def suggested_name(text: str) -> str:
    """A name for what a heading calls so: `Lease start (day)` gives lease_start_day; empty where it has no letters."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return "_".join(re.findall("[a-z0-9]+", plain)).lstrip("0123456789_")[:_LONGEST_NAME].strip("_")


def in_one_line(data: Mapping[str, Data]) -> str:
    """What an event carries: `order = A-77, gifts = cup, bell`."""
    return ", ".join(
        f"{name} = {', '.join(value) if isinstance(value, list) else value}" for name, value in data.items()
    )


def datum(text: str) -> str | int:
    """What an event carries, of text: a whole number where it is one, such as 12, and not 007."""
    return int(text) if _NUMBER.fullmatch(text) else text


def numbers_in(text: str) -> list[str]:
    """The customer numbers of a text, each once: one a line, or the first cell of the rows of a table, after its heading if it has one."""
    lines = [each for each in text.lstrip("\ufeff").splitlines() if each.strip()]
    mark = next((mark for mark in "\t;," if lines and mark in lines[0]), ",")
    cells = [row[0].strip() for row in csv.reader(lines, delimiter=mark) if row]
    if cells and cells[0].casefold() in _HEADINGS:
        del cells[0]
    return list(dict.fromkeys(filter(None, cells)))


def value_of(text: str) -> tuple[str, date | None]:
    """A field's value as text, and the day that it is if it is one (ISO); raise FieldError."""
    cleaned = line(text, longest=LONGEST_VALUE)
    # As people write a day that nobody reads in two ways.
    iso = (
        "-".join(reversed([part.zfill(2) for part in cleaned.split(".")]))
        if _POINTS.fullmatch(cleaned)
        else cleaned
    )
    try:
        # No other forms that ISO 8601 knows: eight digits are an order's number.
        day = date.fromisoformat(iso) if _DAY.fullmatch(iso) else None
    except ValueError:
        day = None
    return (iso if day else cleaned), day


def channel(text: str) -> str:
    """A channel; raise ProfileError."""
    if text not in CHANNELS:
        raise ProfileError(
            N_("%(text)s is no channel; there are %(known)s."), text=Quoted(text), known=", ".join(CHANNELS)
        )
    return text


def is_storable(text: str) -> bool:
    """Whether both databases keep the text: JSON can say more than they do."""
    return not _UNSTORABLE.search(text)


def event_key(text: str) -> str:
    """What tells an event from others of its kind; raise ProfileError."""
    if not is_storable(text):
        raise ProfileError(
            N_("%(text)s holds a character that cannot be kept."), text=Quoted(repr(text[:60]))
        )
    if len(text) > LONGEST_KEY:
        raise ProfileError(N_("An event's key has at most %(most)s characters."), most=LONGEST_KEY)
    return text


def event_data(text: str) -> Mapping[str, Data]:
    """What an event carries: a JSON object of text, whole numbers and truth values; empty text: nothing. Raise ProfileError."""
    if not text.strip():
        return {}
    if len(text) > MOST_DATA:
        raise ProfileError(N_("An event carries at most %(most)s characters."), most=MOST_DATA)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise ProfileError(
            N_("%(text)s is no JSON object, such as %(example)s."),
            text=Quoted(text[:60]),
            example='{"place": "Hall 3"}',
        ) from None
    return checked_data(data)


def checked_data(data: object) -> Mapping[str, Data]:
    """The data itself, if it is flat and plain; raise ProfileError."""
    if not isinstance(data, dict) or not all(map(_is_plain, data.values())):
        raise ProfileError(
            N_(
                "An event carries names with texts, lists of texts, whole numbers, true or false, nothing deeper."
            )
        )
    return {field_name(str(name)): _storable(value) for name, value in data.items()}


def told_data(data: object) -> Mapping[str, Data]:
    """What another program tells; raise ProfileError where it is too much to be read with each of its customer's steps."""
    checked = checked_data(data)
    if len(json.dumps(checked, ensure_ascii=False)) > MOST_DATA:
        raise ProfileError(N_("An event carries at most %(most)s characters."), most=MOST_DATA)
    return checked


def _storable(value: Data) -> Data:
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    return [_UNSTORABLE.sub("", each) for each in value] if isinstance(value, list) else value


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return isinstance(value, str | int | bool)
