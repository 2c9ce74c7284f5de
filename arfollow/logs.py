"""Where log lines go, and what they look like: lines of JSON on standard error, or words for somebody who looks at a terminal."""

from __future__ import annotations

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# What a database says of the very row that it refused.
_VALUES = re.compile(r"^(?:DETAIL|CONTEXT): .*\n?", re.MULTILINE)


def configure_logs() -> None:
    """For a process that serves or works: its own lines, and those of libraries, in one form. No values, no locals."""
    is_terminal = sys.stderr.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        without_values,
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if is_terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[structlog.dev.set_exc_info, *shared, renderer],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow=()), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def without_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The line without what a row holds: a traceback quotes the database, and the database quotes the row."""
    if isinstance(text := event.get("exception"), str):
        event["exception"] = _VALUES.sub("", text)
    return event
