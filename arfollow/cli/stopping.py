"""Ctrl-C for work that ends where nothing is lost."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType

import click

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping() -> Iterator[Event]:
    """An event that Ctrl-C or SIGTERM sets, once: the second one ends the command where it stands."""
    stop = Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        click.echo("Stopping as soon as what is at hand is written …", err=True)
        _restore()

    before = {number: signal.signal(number, ask) for number in _SIGNALS}

    def _restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    try:
        yield stop
    finally:
        _restore()
