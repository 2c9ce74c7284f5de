"""Columns that no format names: `custom:…` of customers, `data:…` of events; and which of them hold dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from arfollow.exchange.dates import DateOrder, date_evidence
from arfollow.exchange.evidence import Evidence
from arfollow.exchange.formats import OPEN, Format
from arfollow.profiles.rules import ProfileError, field_name
from arfollow.values.refusals import N_, Quoted, Remark, remark


def open_names(part: str, names: Iterable[str]) -> list[str]:
    """Those of a part's fields that the company or the sender has named."""
    prefix = OPEN.get(part)
    return [name for name in names if prefix and name.casefold().startswith(prefix)]


def own_name(name: str) -> str:
    """`lease_start` of `custom:Lease start`; raise ProfileError."""
    return field_name(name.partition(":")[2])


@lru_cache(maxsize=1000)
def field_key(name: str) -> str:
    """A field's name with what the company calls it in its plain form: `custom:lease_start` of `custom:Lease start`."""
    prefix = "".join(name.casefold().partition(":")[:2])
    if prefix not in OPEN.values():
        return name
    try:
        return f"{prefix}{own_name(name)}"
    except ProfileError:
        return name


def wrong_names(form: Format) -> Iterator[str]:
    """What is wrong with the names of such columns: no names, or the same one twice."""
    for part, columns in (("customer", form.customer), ("event", form.event)):
        seen: set[str] = set()
        for name in open_names(part, columns):
            try:
                own = own_name(name)
            except ProfileError as problem:
                yield remark(problem)
                continue
            if own in seen:
                yield Remark(N_("there is more than one column %(name)s."), name=Quoted(name))
            seen.add(own)


class DateColumns:
    """Which columns hold dates and nothing else, as their cells come by; text that is digits only is no date."""

    def __init__(self, names: Iterable[str]) -> None:
        self._evidence: dict[str, Evidence[DateOrder]] = {name: date_evidence() for name in names}

    def add(self, name: str, text: str) -> None:
        """Take a cell into account."""
        evidence = self._evidence.get(name)
        if evidence is None or not text:
            return
        if text.isdecimal() or not evidence.add_one(text).readings:
            del self._evidence[name]

    @property
    def found(self) -> Mapping[str, Evidence[DateOrder]]:
        """The columns, and what their cells say of the order of dates."""
        return {name: evidence for name, evidence in self._evidence.items() if evidence.kinds}
