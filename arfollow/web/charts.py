"""Charts as numbers; macros of templates/components draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a chart, `place` from 0. `outline`: its path, in pixels from the chart's top left corner; `is_floor`: there is nothing in it."""

    name: str
    place: int
    outline: str
    is_floor: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A column chart. `summary`: what is in it in percent of all, `1-30 60 %, 31-60 40 %`; empty when nothing is."""

    columns: tuple[Column, ...]
    summary: str


_GAP, _LOWEST, _MARGIN = 2, 2, 2


def column_chart(values: Sequence[tuple[str, int]], *, width: int, height: int) -> Chart:
    """A column for each (name, amount), as high as its share of the largest; amounts of 0 and below leave a floor.

    A list has fifty of these: a template is given whole texts, since it escapes each number that it is given.
    """
    largest = max((amount for _, amount in values), default=0)
    total = sum(amount for _, amount in values if amount > 0)
    step = width / max(len(values), 1)
    columns = list(_floors(tuple(name for name, _ in values), width, height))
    shares = []
    for index, (name, amount) in enumerate(values):
        if amount > 0:
            tall = f"{max(amount / largest * (height - _MARGIN), _LOWEST):.4g}"
            columns[index] = Column(
                name=name, place=index, outline=_outline(index, step, height, tall), is_floor=False
            )
            shares.append(f"{name} {round(100 * amount / total)} %")
    return Chart(columns=tuple(columns), summary=", ".join(shares))


@lru_cache(maxsize=64)
def _floors(names: tuple[str, ...], width: int, height: int) -> tuple[Column, ...]:
    """The columns of a chart in which nothing is: most of a list's are among them."""
    step = width / max(len(names), 1)
    return tuple(
        Column(name=name, place=index, outline=_outline(index, step, height, "1"), is_floor=True)
        for index, name in enumerate(names)
    )


def _outline(index: int, step: float, height: int, tall: str) -> str:
    return f"M{index * step:.4g} {height}v-{tall}h{step - _GAP:.4g}v{tall}z"
