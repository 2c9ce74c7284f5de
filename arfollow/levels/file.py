"""Plans as files that people read and change: TOML, amounts as decimal text."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any, TypeVar

from arfollow.levels.drafts import LevelDraft, PlanDraft, Responsible, WholePlan, WordingDraft
from arfollow.levels.rules.steps import Pace, Timing
from arfollow.values.money import AmountError, UnknownCurrencyError, parse_decimal, plain

_PLAN_KEYS = {each.name for each in fields(PlanDraft)} | {"levels"}
_LEVEL_KEYS = {each.name for each in fields(LevelDraft)} - {"responsible_id"} | {"responsible_email"}
_WORDING_KEYS = {each.name for each in fields(WordingDraft)}
_CONTROLS = {"\b": "\\b", "\t": "\\t", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}

NOBODY: Mapping[int, str] = {}

E = TypeVar("E", bound=StrEnum)


class PlanFileError(ValueError):
    """The plan file cannot be read; the message says where."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}" if where else problem)


def write_plan(whole: WholePlan, *, people: Mapping[int, str] = NOBODY) -> str:
    """The plan as TOML; `read_plan` gives the same plan again. `people`: the e-mail address of each user by id."""
    return "\n".join(_lines(whole, people)) + "\n"


def read_plan(text: str, *, people: Mapping[int, str] = NOBODY) -> WholePlan:
    """The plan in the TOML text; what is left out has its usual value. Raise PlanFileError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanFileError("", f"This is no TOML: {error}") from None
    _known(data, _PLAN_KEYS, "the plan")
    plan = PlanDraft(
        name=_text(data, "name", "the plan"),
        pace=_choice(data, "pace", Pace.STEP, "the plan"),
        minimum_amounts=_amounts(data.get("minimum_amounts", {})),
        contact_gap_days=_number(data, "contact_gap_days", "the plan") or 0,
        repeat_last_after_days=_number(data, "repeat_last_after_days", "the plan"),
        review_after_days=_number(data, "review_after_days", "the plan"),
        promise_grace_days=_number(data, "promise_grace_days", "the plan") or 0,
    )
    levels = data.get("levels", [])
    if not isinstance(levels, list) or not all(isinstance(level, dict) for level in levels):
        raise PlanFileError("levels", "write each level as a [[levels]] table.")
    ids = {email: user_id for user_id, email in people.items()}
    return WholePlan(
        plan=plan, levels=tuple(_level(each, at, ids) for at, each in enumerate(levels, start=1))
    )


def _level(data: Mapping[str, Any], at: int, people: Mapping[str, int]) -> LevelDraft:
    where = f"level {at}"
    _known(data, _LEVEL_KEYS, where)
    days = _number(data, "days", where)
    if days is None:
        raise PlanFileError(where, "“days” is missing.")
    actions = data.get("actions", ["email"])
    if not isinstance(actions, list) or not all(isinstance(action, str) for action in actions):
        raise PlanFileError(where, '“actions” is a list of names, such as ["email", "letter"].')
    wordings = data.get("wordings", {})
    if not isinstance(wordings, dict):
        raise PlanFileError(where, "write the words as [levels.wordings.en] tables.")
    return LevelDraft(
        name=_text(data, "name", where),
        timing=_choice(data, "timing", Timing.AFTER_DUE, where),
        days=days,
        deadline_days=_number(data, "deadline_days", where) or 0,
        actions=tuple(actions),
        attach_statement=_flag(data, "attach_statement", where, default=True),
        attach_letter=_flag(data, "attach_letter", where, default=False),
        attach_items=_flag(data, "attach_items", where, default=False),
        email_automatic=_flag(data, "email_automatic", where, default=False),
        responsible=_choice(data, "responsible", Responsible.CUSTOMER, where),
        responsible_id=_person(data, where, people),
        wordings={language: _wording(each, f"{where}, {language}") for language, each in wordings.items()},
    )


def _person(data: Mapping[str, Any], where: str, people: Mapping[str, int]) -> int | None:
    if "responsible_email" not in data:
        return None
    email = _text(data, "responsible_email", where)
    if email not in people:
        raise PlanFileError(where, f"nobody who works here has the e-mail address {email!r}.")
    return people[email]


def _wording(data: Any, where: str) -> WordingDraft:
    if not isinstance(data, dict):
        raise PlanFileError(where, "this is no table.")
    _known(data, _WORDING_KEYS, where)
    required = {name: _text(data, name, where) for name in sorted(_WORDING_KEYS - {"todo"})}
    return WordingDraft(**required, todo=_text(data, "todo", where) if "todo" in data else "")


def _known(data: Mapping[str, Any], keys: set[str], where: str) -> None:
    for name in data:
        if name not in keys:
            raise PlanFileError(where, f"there is no “{name}”; there are {', '.join(sorted(keys))}.")


def _text(data: Mapping[str, Any], name: str, where: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise PlanFileError(where, f"“{name}” is missing." if value is None else f"“{name}” has to be text.")
    return value


def _number(data: Mapping[str, Any], name: str, where: str) -> int | None:
    value = data.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise PlanFileError(where, f"“{name}” has to be a whole number.")
    return value


def _flag(data: Mapping[str, Any], name: str, where: str, *, default: bool) -> bool:
    value = data.get(name, default)
    if not isinstance(value, bool):
        raise PlanFileError(where, f"“{name}” has to be true or false.")
    return value


def _choice(data: Mapping[str, Any], name: str, default: E, where: str) -> E:
    try:
        return type(default)(data.get(name, default))
    except ValueError:
        raise PlanFileError(where, f"“{name}” has to be one of {', '.join(type(default))}.") from None


def _amounts(data: Any) -> dict[str, int]:
    if not isinstance(data, dict):
        raise PlanFileError("minimum_amounts", 'write it as a table, such as EUR = "10.00".')
    try:
        return {currency: parse_decimal(str(amount), currency) for currency, amount in data.items()}
    except (AmountError, UnknownCurrencyError) as error:
        raise PlanFileError("minimum_amounts", str(error)) from None


def _lines(whole: WholePlan, people: Mapping[int, str]) -> Iterator[str]:
    plan = whole.plan
    yield f"name = {_quoted(plan.name)}"
    yield f"pace = {_quoted(plan.pace)}"
    for name in ("contact_gap_days", "repeat_last_after_days", "review_after_days", "promise_grace_days"):
        value = getattr(plan, name)
        if value is not None:
            yield f"{name} = {value}"
    if plan.minimum_amounts:
        yield "\n[minimum_amounts]"
        for currency, minor in sorted(plan.minimum_amounts.items()):
            yield f"{currency} = {_quoted(plain(minor, currency))}"
    for level in whole.levels:
        yield from _level_lines(level, people)


def _level_lines(level: LevelDraft, people: Mapping[int, str]) -> Iterator[str]:
    yield "\n[[levels]]"
    yield f"name = {_quoted(level.name)}"
    yield f"timing = {_quoted(level.timing)}"
    yield f"days = {level.days}"
    yield f"deadline_days = {level.deadline_days}"
    yield f"actions = [{', '.join(map(_quoted, level.actions))}]"
    yield f"attach_statement = {str(level.attach_statement).lower()}"
    yield f"attach_letter = {str(level.attach_letter).lower()}"
    yield f"attach_items = {str(level.attach_items).lower()}"
    yield f"email_automatic = {str(level.email_automatic).lower()}"
    yield from _responsible_lines(level, people)
    for language, wording in sorted(level.wordings.items()):
        yield f"\n[levels.wordings.{_quoted(language)}]"
        for each in fields(wording):
            yield f"{each.name} = {_quoted(getattr(wording, each.name))}"


def _responsible_lines(level: LevelDraft, people: Mapping[int, str]) -> Iterator[str]:
    """Somebody who does not work here any more is nobody's choice."""
    email = people.get(level.responsible_id or 0)
    if level.responsible is Responsible.USER and email is None:
        yield f"responsible = {_quoted(Responsible.CUSTOMER)}"
        return
    yield f"responsible = {_quoted(level.responsible)}"
    if email is not None:
        yield f"responsible_email = {_quoted(email)}"


def _quoted(text: str) -> str:
    """A basic string; one of several lines as people would write it."""
    escaped = "".join(_escaped(character) for character in text.replace("\r\n", "\n"))
    return f'"""\n{escaped}"""' if "\n" in text else f'"{escaped}"'


def _escaped(character: str) -> str:
    if character in _CONTROLS:
        return _CONTROLS[character]
    return (
        character
        if character == "\n" or (character >= " " and character != "\x7f")
        else f"\\u{ord(character):04x}"
    )
