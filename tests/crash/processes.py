"""Processes that share nothing but the database: forked from one that has imported everything, which takes milliseconds."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class ProcessFailedError(RuntimeError):
    """A process ended without giving its result."""

    def __init__(self, number: int, words: str) -> None:
        super().__init__(f"Process {number} gave no result.\n{words}")


def fork(work: Callable[[], object], *, log: Path | None = None) -> int:
    """Start a process that does `work` and ends without any cleaning up; gives its id. Its words go to the end of `log`.

    The caller has no open connection to a database: a connection must not cross a fork.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        if log is not None:
            _write_to(log)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - nothing may leave this process but its exit code
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)


def kill(pid: int) -> None:
    """End a process that `fork` started, without a chance to say anything, and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def exit_code(pid: int) -> int:
    """Wait for a process that `fork` started; negative: the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def in_processes(count: int, work: Callable[[int], T]) -> list[T]:
    """What `work(0)`, `work(1)`… give (to be pickled), each in a process of its own; all begin at one moment.

    Raise ProcessFailedError if one dies or raises. As with `fork`, the caller has no open connection to a database.
    """
    waiting, gate = os.pipe()
    running = [_begin(work, number, waiting, gate) for number in range(count)]
    os.close(waiting)
    os.close(gate)
    answers = [(number, _read_all(answer), exit_code(pid)) for number, (pid, answer) in enumerate(running)]
    for number, answer, code in answers:
        if code != 0:
            raise ProcessFailedError(number, answer.decode(errors="replace") or f"Exit code {code}.")
    return [pickle.loads(answer) for _, answer, _ in answers]


def _begin(work: Callable[[int], T], number: int, waiting: int, gate: int) -> tuple[int, int]:
    answer, mouth = os.pipe()

    def begin() -> None:
        os.close(gate)
        # Nothing ever comes: the end of the pipe is the start of all.
        os.read(waiting, 1)
        with os.fdopen(mouth, "wb") as file:
            try:
                file.write(pickle.dumps(work(number)))
            except BaseException:
                file.write(traceback.format_exc().encode())
                raise

    pid = fork(begin, log=Path(os.devnull))
    os.close(mouth)
    return pid, answer


def _read_all(descriptor: int) -> bytes:
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _write_to(log: Path) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    # Both the descriptors and what Python, or pytest in its place, believes to be behind them.
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.stdout = sys.stderr = os.fdopen(descriptor, "w", buffering=1)
