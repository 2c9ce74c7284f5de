"""TOML that people write, as the plain data that the database keeps; what it cannot keep is refused in words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, time
from typing import Any

_DEEPEST = 100
_LARGEST = 2**53 - 1
"""What every reader of JSON keeps exact."""
_TOO_DEEP = "What is written lies too deep in one another."
# The parser takes the square of a key's length for it: minutes for what is one line to whoever sends it.
_LONG_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*\.[ \t]*){100}""")


class TomlError(ValueError):
    """The text cannot be read; the message says why."""


def read_toml(text: str) -> dict[str, Any]:
    """The table that the text holds, in texts, whole numbers, truth values, lists and tables; raise TomlError."""
    if _LONG_KEY.search(text):
        raise TomlError(_TOO_DEEP)
    try:
        data = tomllib.loads(text)
        plain = {name: _plain(value) for name, value in data.items()}
    except RecursionError:
        raise TomlError(_TOO_DEEP) from None
    except TomlError:
        raise
    except ValueError as error:
        # Among them a number of thousands of digits, of which Python does not say that it is no TOML.
        raise TomlError(f"This is no TOML: {error}") from None
    return plain


def _plain(value: Any, depth: int = 0) -> Any:
    """Days and times become text, as JSON has none."""
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, Mapping):
        return {_checked(name): _plain(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, depth + 1) for each in value]
    if isinstance(value, str):
        return _checked(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        raise TomlError(f"Write whole numbers, not {value}.")
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise TomlError("A number is too large.")
    return value


def _checked(text: str) -> str:
    if "\0" in text:
        raise TomlError("A text holds the character NUL, which no database keeps.")
    return text
