"""Dates of files: year, month and day in one order per file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Literal, get_args

from babel import Locale

from arfollow.exchange.evidence import AmbiguousError, Evidence, decide
from arfollow.values.refusals import N_, Quoted, Refusal, Term

DateOrder = Literal["ymd", "dmy", "mdy"]
ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)
WORDS: Mapping[DateOrder, str] = {
    "ymd": N_("year, month, day"),
    "dmy": N_("day, month, year"),
    "mdy": N_("month, day, year"),
}
_PARTS = re.compile(
    r"([0-9]{1,4})(?:([-/.])\s?([0-9]{1,2})\2\s?([0-9]{1,4}))(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_WORDED = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?[ -]\s?)?(?P<month>[^\W\d_]{3,10})\.?[ -]"
    r"(?:(?P<day_after>[0-9]{1,2})(?:st|nd|rd|th)?,? )?(?P<year>[0-9]{4})"
)
_LANGUAGES = ("en", "de", "fr")
_FIRST_YEAR, _LAST_YEAR = 1950, 2199
_YEAR = re.compile(r"(?<![0-9])[0-9]{4}", re.ASCII)
_CENTURY = 2000


class DateError(Refusal, ValueError):
    """The text is no date, or none in the file's order."""


class AmbiguousDatesError(Refusal, ValueError):
    """The order of day and month cannot be told."""

    command = "Say --date-order dmy, mdy or ymd."

    def __init__(self, example: str) -> None:
        super().__init__(
            N_("day or month first? The dates of this file do not tell, for one %(text)s."),
            text=Quoted(example),
        )
        self.example, self.contrary = example, ""


class MixedDatesError(AmbiguousDatesError):
    """As many dates need one order as need another."""

    command = "To see which rows differ, say --date-order dmy, mdy or ymd."

    def __init__(self, example: str, contrary: str) -> None:
        Refusal.__init__(
            self,
            N_(
                "the dates of this file are written in different ways, such as %(one)s and %(other)s. "
                "Write them all alike."
            ),
            one=Quoted(example),
            other=Quoted(contrary),
        )
        self.example, self.contrary = example, contrary


def date_evidence(texts: Iterable[str] = ()) -> Evidence[DateOrder]:
    """What these cells say about the order of dates; more can be added."""
    return Evidence(readings).add(texts)


def detect_date_order(evidence: Evidence[DateOrder]) -> DateOrder:
    """The order in which all dates of the file can be read.

    Raise AmbiguousDatesError when day and month can change places, MixedDatesError when no one order reads them all.
    """
    try:
        return decide(evidence.kinds) or "ymd"
    except AmbiguousError as problem:
        if problem.contrary:
            raise MixedDatesError(problem.example, problem.contrary) from None
        raise AmbiguousDatesError(problem.example) from None


def parse_date(text: str, order: DateOrder | None) -> date:
    """The date, of an unknown order (None) in whichever reads it; raise DateError. Years of two digits are those from 2000 on; a time of day must be midnight."""
    found = readings(text)
    if order is None and found:
        return next(iter(found.values()))
    if order in found:
        return found[order]
    if order is not None and found:
        raise DateError(
            N_("%(text)s is no date in the order of this file (%(order)s)."),
            text=Quoted(text),
            order=Term(WORDS[order]),
        )
    if _is_beyond(text):
        raise DateError(
            N_("%(text)s is no date from %(first)s to %(last)s."),
            text=Quoted(text),
            first=_FIRST_YEAR,
            last=_LAST_YEAR,
        )
    raise DateError(N_("%(text)s is no date."), text=Quoted(text))


def readings(text: str) -> dict[DateOrder, date]:
    """The date that the text means in each order in which it is one."""
    parts = _PARTS.fullmatch(text.strip())
    if parts is None:
        compact = _COMPACT.fullmatch(text.strip())
        return _worded(text) if compact is None else _only("ymd", *compact.groups())
    first, _, second, third = parts.groups()
    return (
        _only("ymd", first, second, third)
        | _only("dmy", third, second, first)
        | _only("mdy", third, first, second)
    )


def _worded(text: str) -> dict[DateOrder, date]:
    """`28 Jan 2021`, `Jan 28, 2021`, `28. Januar 2021`: the same in every order."""
    parts = _WORDED.fullmatch(text.strip())
    if parts is None or bool(parts["day"]) == bool(parts["day_after"]):
        return {}
    month = _months().get(parts["month"].casefold(), "")
    found = _only("ymd", parts["year"], month, parts["day"] or parts["day_after"]) if month else {}
    return {order: day for day in found.values() for order in ORDERS}


@lru_cache(maxsize=1)
def _months() -> Mapping[str, str]:
    """The numbers of months by name, whole and shortened."""
    return {
        name.rstrip(".").casefold(): str(number)
        for language in _LANGUAGES
        for form in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in Locale(language).months[form][width].items()
    }


def _is_beyond(text: str) -> bool:
    """Whether it names a year that no ledger has, such as the 9999 of a program that means “never”."""
    year = _YEAR.search(text)
    return year is not None and not _FIRST_YEAR <= int(year[0]) <= _LAST_YEAR


def _only(order: DateOrder, year: str, month: str, day: str) -> dict[DateOrder, date]:
    if len(month) > 2 or len(day) > 2 or len(year) not in ((4,) if order == "ymd" else (2, 4)):  # noqa: PLR2004 - digits
        return {}
    number = int(year) + (_CENTURY if len(year) == 2 else 0)  # noqa: PLR2004 - digits
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        return {}
    try:
        return {order: date(number, int(month), int(day))}
    except ValueError:
        return {}
