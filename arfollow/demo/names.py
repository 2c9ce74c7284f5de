"""Who the demo's customers are. Every address ends in example.com."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Habit(StrEnum):
    """How a customer pays, and what happens with it."""

    PROMPT = "prompt"
    LATE = "late"
    SLOW = "slow"
    SILENT = "silent"
    IN_PARTS = "in parts"
    KEEPS_WORD = "keeps word"
    BREAKS_WORD = "breaks word"
    DISPUTES = "disputes"
    PAYS_ON_ACCOUNT = "pays on account"
    BOUNCES = "bounces"
    RETURNS_GOODS = "returns goods"
    INSOLVENT = "insolvent"
    NO_FOLLOW_UP = "no follow-up"
    INSTALMENTS = "instalments"


@dataclass(frozen=True, slots=True)
class Debtor:
    """A customer of the demo; `contact`: the person in its accounts department, or empty."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    language: str
    currency: str
    contact: str
    habit: Habit
    has_email: bool = True
    parent: str = ""


def _debtors() -> tuple[Debtor, ...]:
    path = Path(__file__).with_name("debtors.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_debtor(row) for row in csv.DictReader(file))


def _debtor(row: dict[str, str]) -> Debtor:
    habit, has_email = Habit(row.pop("habit")), row.pop("has_email") == "yes"
    return Debtor(**row, habit=habit, has_email=has_email)


DEBTORS = _debtors()
