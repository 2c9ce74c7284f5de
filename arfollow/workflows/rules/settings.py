"""What a step can be set to: the settings of each kind, and whether what is set can be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from arfollow.workflows.rules.facts import is_known
from arfollow.workflows.rules.waits import Unit

_ADDRESS = re.compile(r"https://[^\s/]+\S*")


class Type(StrEnum):
    """What a setting holds, and how a form asks for it."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    FLAG = "flag"
    TIME = "time"
    UNIT = "unit"
    CHOICE = "choice"
    FACT = "fact"
    STEP = "step"
    LIST = "list"
    PERSON = "person"
    SURVEY = "survey"
    WORKFLOW = "workflow"
    ADDRESS = "address"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting. `least`: the smallest number; `choices`: of a choice; `parts`: what words consist of, by language."""

    name: str
    type: Type
    required: bool = True
    least: int = 0
    choices: Sequence[str] = ()
    parts: Sequence[str] = ()


def problems_of(spec: Sequence[Setting], given: Mapping[str, object]) -> list[str]:
    """What is missing or cannot be right, each as a sentence that names the setting; empty: nothing."""
    known = {setting.name for setting in spec}
    found = [f"There is no setting “{name}”." for name in given if name not in known]
    for setting in spec:
        value = given.get(setting.name)
        if value in (None, "", {}):
            if setting.required:
                found.append(f"“{setting.name}” is missing.")
            continue
        if problem := _CHECKS.get(setting.type, _text)(setting, value):
            found.append(f"“{setting.name}” {problem}")
    return found


def _text(_setting: Setting, value: object) -> str:
    return "" if isinstance(value, str) else "has to be text."


def _number(setting: Setting, value: object) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return "has to be a whole number."
    return f"has to be at least {setting.least}." if value < setting.least else ""


def _flag(_setting: Setting, value: object) -> str:
    return "" if isinstance(value, bool) else "has to be true or false."


def _time(_setting: Setting, value: object) -> str:
    if isinstance(value, time):
        return ""
    try:
        time.fromisoformat(str(value))
    except ValueError:
        return "has to be a time, such as 09:00."
    return ""


def _choice(setting: Setting, value: object) -> str:
    return "" if value in setting.choices else f"has to be one of {', '.join(setting.choices)}."


def _unit(_setting: Setting, value: object) -> str:
    return "" if value in list(Unit) else f"has to be one of {', '.join(Unit)}."


def _fact(_setting: Setting, value: object) -> str:
    return "" if isinstance(value, str) and is_known(value) else f"names “{value}”, which is not known."


def steps_meant(value: object) -> tuple[str, ...]:
    """The keys of a setting that names one step, or several as a list; none: nothing is set."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _step(_setting: Setting, value: object) -> str:
    return "" if steps_meant(value) else "has to name a step, or a list of steps."


def _address(_setting: Setting, value: object) -> str:
    return "" if isinstance(value, str) and _ADDRESS.fullmatch(value) else "has to begin with https://."


def _words(setting: Setting, value: object) -> str:
    if not isinstance(value, Mapping):
        return "has to be given by language."
    for language, parts in value.items():
        if not isinstance(parts, Mapping):
            return f"in {language} has to be a table of {', '.join(setting.parts)}."
        missing = [part for part in setting.parts if not str(parts.get(part, "")).strip()]
        unknown = [str(part) for part in parts if part not in setting.parts]
        if missing or unknown:
            return f"in {language}: {', '.join(missing or unknown)} {'is missing' if missing else 'is not known'}."
    return ""


_CHECKS: Mapping[Type, Callable[[Setting, object], str]] = {
    Type.NUMBER: _number,
    Type.FLAG: _flag,
    Type.TIME: _time,
    Type.CHOICE: _choice,
    Type.UNIT: _unit,
    Type.FACT: _fact,
    Type.STEP: _step,
    Type.ADDRESS: _address,
    Type.WORDS: _words,
}
