"""What a file may hold, so that every page can draw what was read: few enough steps, plain keys, settings of a shape that forms have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from arfollow.workflows.rules.definition import Definition, Settings

_MOST_STEPS = 500
_LONGEST_NAME = 120
_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_WORDS = "words"


def beyond_limits(definition: Definition) -> Iterator[tuple[str, str]]:
    """Where something cannot be taken, and why."""
    if len(definition.name) > _LONGEST_NAME:
        yield "name", f"has more than {_LONGEST_NAME} characters."
    steps = list(definition.steps())
    if len(steps) + sum(len(step.branches) for step in steps) > _MOST_STEPS:
        yield "route", f"there are more than {_MOST_STEPS} steps and paths."
    for step in steps:
        where = f"step “{step.key[:_LONGEST_NAME]}”"
        if not _KEY.fullmatch(step.key):
            yield where, "a key consists of letters, digits, “-” and “_”, at most 60 of them."
        yield from _of_another_shape(where, step.settings)
    yield from _of_another_shape("trigger", definition.trigger.settings)


def _of_another_shape(where: str, settings: Settings) -> Iterator[tuple[str, str]]:
    for name, value in settings.items():
        if name == _WORDS:
            if not _are_words(value):
                yield where, "write “words” as a table for each language, with texts."
        elif not _is_plain(value):
            yield where, f"write “{name}” as a text, a whole number, true or false, or a list of texts."


def _are_words(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(parts, Mapping) and all(isinstance(text, str) for text in parts.values())
        for parts in value.values()
    )


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return isinstance(value, str | int)
