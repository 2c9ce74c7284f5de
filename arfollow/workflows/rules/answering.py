"""Which of a customer's enrolments a reply is about, where it does not say so itself: the one that wrote last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

REPLIED = "replied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message of an enrolment that has a key: `name`: what its events tell it by, such as “invoice”."""

    at: datetime
    enrolment_id: int
    name: str
    key: str


def about(sent: Iterable[Sent], *, at: datetime, enrolment: str = "") -> Mapping[str, str]:
    """What a reply of that instant tells besides, by name: the keys of those that wrote last before it, of each name one.

    `sent`: oldest first; `enrolment`: the id of the one whose message it names, which goes before; empty: it names none.
    """
    told: dict[str, str] = {}
    named: dict[str, str] = {}
    for each in sent:
        if str(each.enrolment_id) == enrolment:
            named[each.name] = each.key
        if each.at <= at:
            told[each.name] = each.key
    return told | named
