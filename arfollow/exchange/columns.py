"""What the columns of a file are called, when a heading has the same name twice, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def column_names(heading: Sequence[str]) -> tuple[str, ...]:
    """A name for each column, no two alike: `Amount`; `Amount (1)` and `Amount (2)`; `column 7` where it has none."""
    counts = Counter(name.casefold() for name in heading)
    seen: Counter[str] = Counter()
    names = []
    for number, name in enumerate(heading, 1):
        key = name.casefold()
        seen[key] += 1
        names.append(f"column {number}" if not name else f"{name} ({seen[key]})" if counts[key] > 1 else name)
    return tuple(names)
