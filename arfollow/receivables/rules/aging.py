"""Aging: the bucket of an item by its days past due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

NOT_DUE = "not due"


def buckets(borders: Sequence[int]) -> tuple[str, ...]:
    """Names of the buckets for the upper borders `[30, 60, 90, 120]`: not due, 1-30, 31-60, 61-90, 91-120, > 120."""
    below = (0, *borders)
    between = [f"{low + 1}-{high}" for low, high in zip(below, borders, strict=False)]
    return (NOT_DUE, *between, f"> {below[-1]}")


def bucket(days_past_due: int, borders: Sequence[int]) -> int:
    """The index of the bucket: 0 when not past due; a day on an upper border belongs to the bucket that ends there."""
    if days_past_due <= 0:
        return 0
    return 1 + sum(days_past_due > border for border in borders)


def earliest_due_dates(day: date, borders: Sequence[int]) -> tuple[date, ...]:
    """For each bucket but the last the earliest due date that falls into it on the day; later ones come first."""
    return (day, *(day - timedelta(days=border) for border in borders))
