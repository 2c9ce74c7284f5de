"""Metrics in Prometheus' words: what this server's processes have counted, and figures read when somebody asks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment's variable that names the folder in which several processes add up their counts; read at their start."""

MEDIA_TYPE = CONTENT_TYPE_LATEST

Figures = Callable[[Session], Iterable[Metric]]
_figures: list[Figures] = []


def on_scrape(figures: Figures) -> None:
    """Register figures that stand in the database; `app.py` does."""
    if figures not in _figures:
        _figures.append(figures)


def exposition(session: Session) -> bytes:
    """All metrics as Prometheus reads them."""
    counted = REGISTRY
    if FOLDER in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]  # it publishes no types
    read = CollectorRegistry()
    read.register(_Figures(session))
    return generate_latest(counted) + generate_latest(read)


class _Figures(Collector):
    def __init__(self, session: Session) -> None:
        self._session = session

    def collect(self) -> Iterator[Metric]:
        """Every registered figure, as it is now."""
        for figures in _figures:
            yield from figures(self._session)

    def describe(self) -> Iterator[Metric]:
        """Nothing: to register it must not ask the database."""
        yield from ()
