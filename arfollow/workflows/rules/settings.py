"""What a step can be set to: the settings of each kind, and whether what is set can be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from enum import StrEnum
from typing import Any

from email_validator import EmailNotValidError, validate_email

from arfollow.values.refusals import N_, Remark, Term
from arfollow.workflows.rules.facts import is_known
from arfollow.workflows.rules.waits import Unit

LARGEST = 99_999
"""A larger number is a slip, and leads out of the calendar."""

_LONGEST: Mapping[Unit, int] = {
    Unit.DAYS: 36_500,
    Unit.WORKING_DAYS: 3_650,
    Unit.WEEKS: 5_200,
    Unit.MONTHS: 1_200,
}
"""How much of a unit is waited for at most."""

_ADDRESS = re.compile(r"https://[^\s/]+\S*")


class Type(StrEnum):
    """What a setting holds, and how a form asks for it."""

    TEXT = "text"
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
    """One setting. `least`, `most`: of a number; `choices`: of a choice, first what holds where none is made; `parts`: what words consist of, by language."""

    name: str
    type: Type
    required: bool = True
    least: int = 0
    most: int = LARGEST
    choices: Sequence[str] = ()
    parts: Sequence[str] = ()


LABELS: Mapping[str, str] = {
    "address": N_("Address"),
    "amount": N_("How long"),
    "at": N_("At (time of day)"),
    "at_least": N_("So many purchases"),
    "attach": N_("Attached"),
    "channel": N_("How it is sent"),
    "days": N_("Days"),
    "event": N_("What happens"),
    "field": N_("Day or field"),
    "key": N_("What tells one from another"),
    "list": N_("List"),
    "number": N_("Telephone number"),
    "of": N_("What it is about"),
    "only_working_days": N_("Only on working days"),
    "person": N_("E-mail address of the person"),
    "purpose": N_("Kind of message"),
    "step": N_("Step"),
    "subject": N_("Subject"),
    "survey": N_("Survey"),
    "text": N_("Text"),
    "title": N_("Title"),
    "unit": N_("Counted in"),
    "value": N_("New value"),
    "who": N_("For whom"),
    "within_months": N_("Within so many months"),
    "word": N_("Word"),
    "words": N_("Words"),
    "workflow": N_("Workflow"),
}
"""What settings, and the parts of words, are called on a form."""


def label(name: str) -> str:
    """What the setting is called on a form, in English; a catalogue has it."""
    return LABELS.get(name, name)


def problems_of(spec: Sequence[Setting], given: Mapping[str, object]) -> list[str]:
    """What is missing or cannot be right, each as a sentence that names the setting; empty: nothing."""
    known = {setting.name for setting in spec}
    found: list[str] = [
        Remark(N_("There is no setting “%(name)s”."), name=name) for name in given if name not in known
    ]
    for setting in spec:
        value = given.get(setting.name)
        if value in (None, "", {}):
            if setting.required:
                found.append(_remark(setting, N_("“%(setting)s” is missing.")))
            continue
        limited = _limited(setting, given)
        if problem := _CHECKS.get(setting.type, _text)(limited, value):
            found.append(problem)
    return found


def _limited(setting: Setting, given: Mapping[str, object]) -> Setting:
    """An amount of time has a limit of its own in each unit."""
    if setting.name != "amount":
        return setting
    unit = next((each for each in Unit if each == given.get("unit")), Unit.DAYS)
    return replace(setting, most=_LONGEST.get(unit, setting.most))


def _remark(setting: Setting, message: str, **values: Any) -> Remark:
    return Remark(message, setting=Term(label(setting.name)), **values)


def _text(setting: Setting, value: object) -> str:
    return "" if isinstance(value, str) else _remark(setting, N_("“%(setting)s” has to be text."))


def _number(setting: Setting, value: object) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return _remark(setting, N_("“%(setting)s” has to be a whole number."))
    if value < setting.least:
        return _remark(setting, N_("“%(setting)s” has to be at least %(least)s."), least=setting.least)
    if value > setting.most:
        return _remark(setting, N_("“%(setting)s” has to be at most %(most)s."), most=setting.most)
    return ""


def _flag(setting: Setting, value: object) -> str:
    return "" if isinstance(value, bool) else _remark(setting, N_("“%(setting)s” has to be true or false."))


def _time(setting: Setting, value: object) -> str:
    if isinstance(value, time):
        return ""
    try:
        time.fromisoformat(str(value))
    except ValueError:
        return _remark(setting, N_("“%(setting)s” has to be a time, such as 09:00."))
    return ""


def _choice(setting: Setting, value: object) -> str:
    return "" if value in setting.choices else _one_of(setting, setting.choices)


def _unit(setting: Setting, value: object) -> str:
    return "" if value in list(Unit) else _one_of(setting, tuple(Unit))


def _one_of(setting: Setting, choices: Sequence[str]) -> Remark:
    return _remark(setting, N_("“%(setting)s” has to be one of %(choices)s."), choices=", ".join(choices))


def _fact(setting: Setting, value: object) -> str:
    if isinstance(value, str) and is_known(value):
        return ""
    return _remark(setting, N_("“%(setting)s” names “%(fact)s”, which is not known."), fact=value)


def steps_meant(value: object) -> tuple[str, ...]:
    """The keys of a setting that names one step, or several as a list; none: nothing is set."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


def _step(setting: Setting, value: object) -> str:
    return "" if steps_meant(value) else _remark(setting, N_("“%(setting)s” has to name a step."))


def is_mail_address(text: str) -> bool:
    """Whether it is an e-mail address; whether mail arrives there is not tried."""
    try:
        validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return False
    return True


def _address(setting: Setting, value: object) -> str:
    if isinstance(value, str) and _ADDRESS.fullmatch(value):
        return ""
    return _remark(setting, N_("“%(setting)s” has to begin with https://."))


def _words(setting: Setting, value: object) -> str:
    if not isinstance(value, Mapping):
        return _remark(setting, N_("“%(setting)s” has to be given by language."))
    for language, parts in value.items():
        if not isinstance(parts, Mapping):
            return _remark(setting, N_("“%(setting)s” has to be given by language."))
        for part in setting.parts:
            if not str(parts.get(part, "")).strip():
                return Remark(
                    N_("In the language %(language)s, “%(part)s” is missing."),
                    language=language,
                    part=Term(label(part)),
                )
        for part in parts:
            if part not in setting.parts:
                return Remark(N_("There is no setting “%(name)s”."), name=part)
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
