"""Levels in another order, before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum

from arfollow.levels.drafts import LevelDraft


class Keeps(StrEnum):
    """What stays when levels change their places: each place's days, or each level's."""

    PLACES = "places"
    LEVELS = "levels"


def moved(order: Sequence[int], level_id: int, by: int) -> list[int]:
    """The order with one level so many places later (below 0: earlier), at most to its ends."""
    rest = [id_ for id_ in order if id_ != level_id]
    place = min(max(list(order).index(level_id) + by, 0), len(rest))
    return [*rest[:place], level_id, *rest[place:]]


def ordered(
    levels: Mapping[int, LevelDraft], order: Sequence[int], *, keeps: Keeps
) -> Iterator[tuple[int, LevelDraft]]:
    """The levels, given in their present order, in the order of these ids; with the days of their new places, or their own."""
    for id_, at_place in zip(order, levels.values(), strict=True):
        level = levels[id_]
        yield (
            id_,
            level if keeps is Keeps.LEVELS else replace(level, timing=at_place.timing, days=at_place.days),
        )
