"""Pure rules of imports by the screens: their states, and how somebody wants a file to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self


class Task(StrEnum):
    """What is done."""

    IMPORT = "import"
    UNDO = "undo"


class State(StrEnum):
    """Where it stands. A worker works on `CHECKING` and `RUNNING`; `CHECKED` can be imported, `REFUSED` has to be mended."""

    DRAFT = "draft"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_work(self) -> bool:
        """Whether a worker has it, or is to take it."""
        return self in (State.CHECKING, State.RUNNING)

    @property
    def is_open(self) -> bool:
        """Whether its files can still be changed."""
        return self in (State.DRAFT, State.CHECKED, State.REFUSED, State.FAILED)


class Phase(StrEnum):
    """What a worker is at."""

    READING = "reading"
    ENTERING = "entering"


class Kind(StrEnum):
    """What a file holds; in the order in which they are entered."""

    CUSTOMERS = "customers"
    INVOICES = "invoices"
    PAYMENTS = "payments"
    EVENTS = "events"
    OPEN_ITEMS = "open-items"


LARGEST = 30 * 2**20
"""Bytes of all files of one import."""

MOST_FILES = 12
KEPT_DAYS = 7
"""For so long files are kept that nobody imports."""

OWN = ""
"""The mapping of a file that was made by clicking, and has no name."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How somebody wants a file to be read; what is empty is as the file shows.

    `mapping`: the name of a known format, OWN: by `columns` (a column's name → a field). `same`: fields that another field's
    column gives, too. `constants`: the same for all rows. `only`: a column, and the values of the rows that are read.
    `kinds`: what the values of the column `kind` mean. `left_out`: the rows that are not read.
    """

    kind: Kind = Kind.INVOICES
    mapping: str = OWN
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    heading_line: int | None = None
    date_order: str = ""
    decimal_mark: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    only_column: str = ""
    only_values: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    adds_up: bool = False
    negative_is_credit: bool = False
    brings_customers: bool = True
    left_out: tuple[int, ...] = ()

    def stored(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """From what JSON kept."""
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        for name in ("only_values", "left_out"):
            values[name] = tuple(values.get(name, ()))
        values["kind"] = Kind(values.get("kind", Kind.INVOICES))
        return cls(**values)


def label_of(filename: str) -> str:
    """What a file is called in messages: the last part of the name that a browser sent, printable and not too long."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    printable = "".join(each if each.isprintable() else " " for each in last)
    return " ".join(printable.split())[-_LONGEST_LABEL:] or "file"


_LONGEST_LABEL = 120


def distinct(label: str, taken: set[str]) -> str:
    """The label, with a number where another file has it."""
    found, number = label, 1
    while found in taken:
        number += 1
        found = f"{label} ({number})"
    return found
