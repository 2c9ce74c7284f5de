"""Charts as numbers; macros of templates/components draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a chart, in pixels from its top left corner. `percent`: its share of all; 0: it is only a floor."""

    name: str
    x: float
    y: float
    width: float
    height: float
    percent: int
    is_floor: bool


_GAP, _LOWEST, _MARGIN = 2, 2, 2


def columns(values: Sequence[tuple[str, int]], *, width: int, height: int) -> tuple[Column, ...]:
    """A column for each (name, amount), as high as its share of the largest; amounts of 0 and below leave a floor."""
    largest = max((amount for _, amount in values), default=0)
    total = sum(amount for _, amount in values if amount > 0)
    step = width / max(len(values), 1)
    return tuple(
        Column(
            name=name,
            x=round(index * step, 2),
            y=round(height - tall, 2),
            width=round(step - _GAP, 2),
            height=round(tall, 2),
            percent=round(100 * amount / total) if amount > 0 else 0,
            is_floor=amount <= 0,
        )
        for index, (name, amount) in enumerate(values)
        for tall in (max(amount / largest * (height - _MARGIN), _LOWEST) if amount > 0 else 1,)
    )
