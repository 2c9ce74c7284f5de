"""A bar for work whose size is known once it has begun."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import click


class Bar:
    """Shows on a terminal how far the work is; a context in which `begin` and `advance` are called.

    `every`: so many steps are shown at once.
    """

    def __init__(self, label: str, *, every: int = 1000) -> None:
        self._label = label
        self._every = every
        self._stack = ExitStack()
        self._bar: Any = None

    def begin(self, length: int) -> None:
        """Show it; `length` is the whole work."""
        bar: Any = click.progressbar(
            length=length, label=self._label, update_min_steps=self._every, file=sys.stderr
        )
        self._bar = self._stack.enter_context(bar)

    def advance(self, steps: int) -> None:
        """So much more is done."""
        if self._bar is not None:
            self._bar.update(steps)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()
