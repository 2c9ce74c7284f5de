"""Decides one reading for a whole file: the order of its dates, its decimal mark. Never row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Choice = TypeVar("Choice", bound=Hashable)

_REMEMBERED = 20_000
"""Texts whose kind is remembered: the same few dates come again and again, amounts hardly ever do."""


class AmbiguousError(ValueError):
    """The cells can be read in more than one way, and it matters which; `contrary`: one that no way reads along with the example."""

    def __init__(self, example: str, contrary: str = "") -> None:
        super().__init__(f"{example!r} can be read in more than one way.")
        self.example, self.contrary = example, contrary


@dataclass(slots=True)
class Kind(Generic[Choice]):
    """Cells that mean something under the same choices: the first of them with what it means, and how many there are."""

    text: str
    readings: Mapping[Choice, object]
    cells: int = 0

    def agree(self, choices: Iterable[Choice]) -> bool:
        """Whether it means the same under all of these."""
        return len({self.readings.get(choice) for choice in choices}) <= 1


class Evidence(Generic[Choice]):
    """A file's cells by kind, however many there are; the kinds stand in the order in which they first came.

    Cells are of one kind if the same choices make something of them, and the same of these agree. `apart` tells further
    kinds of cells that several choices can read.
    """

    def __init__(
        self,
        readings: Callable[[str], Mapping[Choice, object]],
        apart: Callable[[str], Hashable] = lambda _: None,
    ) -> None:
        self._readings = readings
        self._apart = apart
        self._kinds: dict[Hashable, Kind[Choice]] = {}
        self._known: dict[str, Kind[Choice]] = {}

    def add(self, texts: Iterable[str]) -> Evidence[Choice]:
        """Take these cells into account."""
        for text in texts:
            self.add_one(text)
        return self

    def add_one(self, text: str) -> Kind[Choice]:
        """Take a cell into account; gives its kind."""
        kind = self._known.get(text) or self._kind(text)
        kind.cells += 1
        return kind

    def include(self, other: Evidence[Choice]) -> None:
        """Take what the other has seen into account."""
        for key, kind in other._kinds.items():
            own = self._kinds.setdefault(key, Kind(kind.text, kind.readings))
            own.cells += kind.cells

    @property
    def kinds(self) -> list[Kind[Choice]]:
        """What was added."""
        return list(self._kinds.values())

    def _kind(self, text: str) -> Kind[Choice]:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        meant = self._readings(text)
        key: tuple[Hashable, ...] = (*meant,)
        if len(meant) > 1:
            values = list(meant.values())
            key = (*meant, *map(values.index, values), self._apart(text))
        kind = self._known[text] = self._kinds.setdefault(key, Kind(text, meant))
        return kind


def decide(cells: Iterable[Kind[Choice]]) -> Choice | None:
    """The one choice under which every cell can be read.

    If the cells contradict each other, the choice that leaves the fewest unread. Cells that no choice can read are no
    evidence; None without any. Raise AmbiguousError when several choices are left that do not all give the same.
    """
    readable = [kind for kind in cells if kind.readings]
    counts: Counter[Choice] = Counter()
    for kind in readable:
        counts.update(dict.fromkeys(kind.readings, kind.cells))
    if not counts:
        return None
    most = max(counts.values())
    best = [choice for choice in counts if counts[choice] == most]
    unread = {
        choice: next((kind.text for kind in readable if choice not in kind.readings), "") for choice in best
    }
    contrary = list(dict.fromkeys(unread.values()))
    if len(contrary) > 1:
        raise AmbiguousError(*contrary[1::-1])
    for kind in readable:
        if not kind.agree(best):
            raise AmbiguousError(kind.text)
    return best[0]
