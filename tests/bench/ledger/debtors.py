"""Who owes money: names, places, languages, currencies, and how each pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeVar

T = TypeVar("T")

CLERKS = tuple(f"clerk{number:02}@bench.example" for number in range(1, 21))
"""The responsible persons: users of the company, who have to be there before the import."""

_NAMES = (
    "Alder Birch Cedar Elm Fir Hazel Jörgensen Larch Maple Nuñez Oak Pine Rowan Šimek Weiß Willow".split()
)
_KINDS = "Energy Foods Logistics Optics Paper Printing Textiles Tools".split()
_STREETS = ("Main Street {}", "Hauptstraße {}", "Rue de la Gare {}", "Via Roma {}", "Dock Road {}")


@dataclass(frozen=True)
class _Place:
    country: str
    language: str
    currency: str
    city: str
    postal_code: str


_PLACES = (
    (40, _Place("DE", "de", "EUR", "Berlin", "10115")),
    (10, _Place("AT", "de-AT", "EUR", "Wien", "1010")),
    (12, _Place("FR", "fr", "EUR", "Paris", "75001")),
    (8, _Place("IT", "it", "EUR", "Milano", "20121")),
    (6, _Place("IE", "en", "EUR", "Dublin", "D02 X285")),
    (8, _Place("CH", "de-CH", "CHF", "Zürich", "8001")),
    (6, _Place("GB", "en", "GBP", "London", "EC1A 1BB")),
    (8, _Place("US", "en-US", "USD", "New York", "10001")),
    (2, _Place("JP", "ja", "JPY", "Tokyo", "100-0001")),
)
"""Of 100 customers so many live there."""


class Habit(StrEnum):
    """How a customer pays."""

    PROMPT = "prompt"
    SLOW = "slow"
    BAD = "bad"


@dataclass(frozen=True)
class Debtor:
    """A customer: its row of customers.csv, and what decides about its items."""

    number: str
    habit: Habit
    currency: str
    items: int
    row: Sequence[str]


HEADING = (
    "customer name email phone street city postal_code country language currency parent vat plan responsible"
).split()
_WITHOUT_EMAIL, _WITHOUT_ADDRESS, _WITHOUT_PERSON, _WITH_PARENT = 0.06, 0.03, 0.1, 0.04
# Most customers have a few items, some very many: of 100,000 the largest has about a hundred times the mean.
_SPREAD = 1.2


def debtor(random: Random, index: int, *, mean_items: int) -> Debtor:
    """The customer at that place of the ledger, from 0; a parent stands before its children."""
    place = _one_of(random, _PLACES)
    habit = _one_of(random, ((55, Habit.PROMPT), (35, Habit.SLOW), (10, Habit.BAD)))
    name = f"{random.choice(_NAMES)} {random.choice(_KINDS)} {index}"
    street = random.choice(_STREETS).format(random.randint(1, 200))
    has_address = random.random() >= _WITHOUT_ADDRESS
    has_email = random.random() >= _WITHOUT_EMAIL
    parent = number_of(random.randrange(index)) if index and random.random() < _WITH_PARENT else ""
    responsible = "" if random.random() < _WITHOUT_PERSON else random.choice(CLERKS)
    row = (
        number_of(index),
        name,
        f"accounts{index}@customer.example" if has_email else "",
        f"+49 30 {random.randint(100_000, 9_999_999)}" if random.random() < 1 / 2 else "",
        street if has_address else "",
        place.city if has_address else "",
        place.postal_code if has_address else "",
        place.country,
        place.language,
        place.currency,
        parent,
        "",
        "",
        responsible,
    )
    return Debtor(row[0], habit, place.currency, _count(random, mean_items), row)


def number_of(index: int) -> str:
    """A customer's number."""
    return f"C{index:07}"


def _count(random: Random, mean: int) -> int:
    """How many items: log-normal, rounded up or down by chance, so that the mean stays what it is."""
    return int(mean * random.lognormvariate(-(_SPREAD**2) / 2, _SPREAD) + random.random())


def _one_of(random: Random, choices: Sequence[tuple[int, T]]) -> T:
    values = [value for _, value in choices]
    return random.choices(values, [weight for weight, _ in choices])[0]
