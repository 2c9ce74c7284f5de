"""Decides one reading for a whole file: the order of its dates, its decimal mark. Never row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Choice = TypeVar("Choice", bound=Hashable)


class AmbiguousError(ValueError):
    """The cells can be read in more than one way, and it matters which; `contrary`: one that no way reads along with the example."""

    def __init__(self, example: str, contrary: str = "") -> None:
        super().__init__(f"{example!r} can be read in more than one way.")
        self.example, self.contrary = example, contrary


def decide(cells: Iterable[tuple[str, Mapping[Choice, object]]]) -> Choice | None:
    """The one choice under which every cell can be read. Each cell comes with what it means under each choice it allows.

    If the cells contradict each other, the choice that leaves the fewest unread. Cells that no choice can read are no
    evidence; None without any. Raise AmbiguousError when several choices are left that do not all give the same.
    """
    readable = [(text, readings) for text, readings in cells if readings]
    counts = Counter(choice for _, readings in readable for choice in readings)
    if not counts:
        return None
    most = max(counts.values())
    best = [choice for choice in counts if counts[choice] == most]
    unread = {choice: next((text for text, found in readable if choice not in found), "") for choice in best}
    contrary = list(dict.fromkeys(unread.values()))
    if len(contrary) > 1:
        raise AmbiguousError(*contrary[1::-1])
    for text, readings in readable:
        if len({readings.get(choice) for choice in best}) > 1:
            raise AmbiguousError(text)
    return best[0]
