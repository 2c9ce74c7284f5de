"""Many letters at once, in processes of their own: rendering keeps a core busy, and threads do not share one.

The processes come from a server that is started anew (`forkserver`), never as copies of this one: a copy would share its
database connections and its threads' locks.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

from arfollow.statements.letter import Sheet, render_sheet
from arfollow.statements.pdf import warm_up

_Key = TypeVar("_Key")

# So many letters for each process are handed out before the first is asked for: who writes them down keeps nobody waiting.
_AHEAD = 8
# A letter leaves tens of thousands of objects that know each other; to look for them as often as usual costs a tenth of it.
_OBJECTS_BEFORE_COLLECTING = 100_000


class NotRenderedError(RuntimeError):
    """One letter could not be rendered; the others are not concerned."""

    def __init__(self, problem: BaseException) -> None:
        super().__init__(f"The letter could not be rendered ({type(problem).__name__}: {problem}).")


class RenderersEndedError(RuntimeError):
    """A rendering process was ended from outside."""

    def __init__(self) -> None:
        super().__init__(
            "A process that renders letters was ended from outside, perhaps because memory ran out. "
            "Start again with fewer processes; what was written before stays."
        )


def cores() -> int:
    """How many processes this machine lets us keep busy."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Renderers:
    """Warm processes that render: a context, at whose end they are gone. They start with the first letters."""

    def __init__(self, *, processes: int) -> None:
        context = get_context("forkserver")
        context.set_forkserver_preload([__name__])
        self._ahead = _AHEAD * processes
        self._pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)

    def render(self, wanted: Iterable[tuple[_Key, Sheet]]) -> Iterator[tuple[_Key, bytes | NotRenderedError]]:
        """The PDFs in the order in which they are wanted, each with the caller's own name for it.

        `wanted` is read a few letters ahead. Raise RenderersEndedError.
        """
        waiting: deque[tuple[_Key, Future[bytes]]] = deque()
        for key, sheet in wanted:
            waiting.append((key, self._hand_out(sheet)))
            if len(waiting) > self._ahead:
                yield _taken(*waiting.popleft())
        while waiting:
            yield _taken(*waiting.popleft())

    def _hand_out(self, sheet: Sheet) -> Future[bytes]:
        try:
            return self._pool.submit(render_sheet, sheet)
        except BrokenProcessPool:
            raise RenderersEndedError from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def _taken(key: _Key, future: Future[bytes]) -> tuple[_Key, bytes | NotRenderedError]:
    problem = future.exception()
    if isinstance(problem, BrokenProcessPool):
        raise RenderersEndedError
    return key, future.result() if problem is None else NotRenderedError(problem)


def _begin() -> None:
    # Ctrl-C reaches every process of the terminal: the one that writes decides when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(parent_process(),), daemon=True).start()
    warm_up()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTING)


def _end_with(parent: Any) -> None:
    """Leave no process behind when the one that asks for letters is killed."""
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
