"""The fields of what a step or trigger can be set to, and what was entered in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from arfollow.web.locale import languages, own_name
from arfollow.workflows.forms.facts import Offered, days_offered, fields_offered
from arfollow.workflows.queries.choices import Choices
from arfollow.workflows.rules.definition import MESSAGES, Kind, Settings, Step
from arfollow.workflows.rules.settings import Setting, Type, label, steps_meant
from arfollow.workflows.rules.surveys import Survey
from arfollow.workflows.rules.triggers import EVENTS
from arfollow.workflows.rules.waits import Unit
from arfollow.workflows.words.names import choice_name, event_name

Posted = MultiDict[str, str]
PREFIX = "s."
_OWN_FIELD = "field."
_LONGEST = 8_000
_LARGEST = 99_999


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsIn:
    """The words of a step in a language, by part; `is_blank`: there are none."""

    language: str
    name: str
    parts: Mapping[str, str]

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written."""
        return not any(self.parts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingField:
    """A field. `suggestions`: what may be picked while something else may be typed as well; `new`: a name may be given there."""

    setting: str
    type: str
    label: str
    value: str = ""
    values: Sequence[str] = ()
    choices: Sequence[Offered] = ()
    suggestions: Sequence[Offered] = ()
    words: Sequence[WordsIn] = ()
    least: int | None = None
    help: str = ""
    required: bool = False
    error: str = ""
    new: bool = False

    @property
    def name(self) -> str:
        """What it is posted as."""
        return PREFIX + self.setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a form of a step has to know of the rest: `kind` of step or trigger, and the other steps' names by key."""

    choices: Choices
    kind: str = ""
    steps: Mapping[str, str] = field(default_factory=dict)
    asking: Sequence[str] = ()


def fields_of(
    spec: Sequence[Setting], settings: Settings, around: Around, errors: Mapping[str, str]
) -> list[SettingField]:
    """A field for each setting."""
    return [_field(setting, settings.get(setting.name), around, errors) for setting in spec]


def entered_settings(
    spec: Sequence[Setting], posted: Posted, before: Settings
) -> tuple[dict[str, Any], dict[str, str]]:
    """What was posted, and what is wrong with it by setting; what no field shows stays as it was."""
    known = {setting.name for setting in spec}
    entered: dict[str, Any] = {name: value for name, value in before.items() if name not in known}
    errors: dict[str, str] = {}
    for setting in spec:
        value, error = _entered(setting, posted, before.get(setting.name))
        if error:
            errors[setting.name] = error
        if value not in (None, "", [], {}):
            entered[setting.name] = value
    return entered, errors


def _entered(setting: Setting, posted: Posted, before: object) -> tuple[Any, str]:
    name = PREFIX + setting.name
    text = posted.get(name, "").strip()[:_LONGEST]
    match setting.type:
        case Type.WORDS:
            return _entered_words(setting, posted, before), ""
        case Type.NUMBER:
            return _entered_number(text, before)
        case Type.FLAG:
            return True if text else None, ""
        case Type.STEP:
            steps = [each for each in posted.getlist(name) if each]
            return (steps[0] if len(steps) == 1 else steps), ""
        case Type.FACT if new := posted.get(f"{name}.new", "").strip():
            return _OWN_FIELD + "_".join(new.casefold().split())[:40], ""
    return text, ""


def _entered_number(text: str, before: object) -> tuple[Any, str]:
    if not text:
        return None, ""
    try:
        number = int(text)
    except ValueError:
        return before, _("This has to be a whole number.")
    return (number, "") if abs(number) <= _LARGEST else (before, _("This is too large."))


def _entered_words(setting: Setting, posted: Posted, before: object) -> dict[str, dict[str, str]]:
    """By language; one in which all is blank is left out, and one that no field shows stays."""
    words: dict[str, dict[str, str]] = {}
    old = before if isinstance(before, Mapping) else {}
    for language in _languages(old):
        parts = {
            part: posted.get(f"{PREFIX}{setting.name}.{language}.{part}", "").replace("\r\n", "\n").strip()
            for part in setting.parts
        }
        if any(parts.values()):
            words[language] = {part: text for part, text in parts.items() if text}
    return words


def _languages(words: Iterable[object]) -> list[str]:
    return list(dict.fromkeys((*languages(), *map(str, words))))


def _field(setting: Setting, value: object, around: Around, errors: Mapping[str, str]) -> SettingField:
    shown = "" if value is None else str(value)
    made: dict[str, Any] = {
        "setting": setting.name,
        "type": setting.type.value,
        "label": _label(setting, around.kind),
        "help": _help(setting, around.kind),
        "required": setting.required,
        "error": errors.get(setting.name, ""),
        "value": shown,
    }
    if setting.type is Type.TEXT and setting.name == "event":
        made |= {"type": "event", "choices": events_offered(shown), "new": True}
    more = _MORE.get(setting.type)
    return SettingField(**(made | more(setting, value, around) if more else made))


def events_offered(present: str) -> list[Offered]:
    """The events that the program knows, and the one that is chosen."""
    names = dict.fromkeys((*EVENTS, *((present,) if present else ())))
    return sorted(
        (Offered(value=each, words=event_name(each)) for each in names), key=lambda each: each.words
    )


def _words(setting: Setting, value: object) -> list[WordsIn]:
    words = value if isinstance(value, Mapping) else {}
    return [
        WordsIn(
            language=language,
            name=own_name(language),
            parts={part: str((words.get(language) or {}).get(part, "")) for part in setting.parts},
        )
        for language in _languages(words)
    ]


def _facts(_setting: Setting, value: object, around: Around) -> dict[str, Any]:
    shown = str(value or "")
    offered = fields_offered if around.kind == Kind.SET_FIELD else days_offered
    return {"choices": offered(around.choices, present=shown), "new": True}


def _steps(_setting: Setting, value: object, around: Around) -> dict[str, Any]:
    chosen = steps_meant(value)
    if around.kind == Kind.WAIT_FOR:
        names = [key for key in around.steps if key in around.asking or key in chosen]
        return {"type": "steps", "values": chosen, "choices": _named(names, around)}
    return {
        "type": "choice",
        "value": chosen[0] if chosen else "",
        "choices": _named(around.steps, around),
    }


def _chosen(setting: Setting, value: object, _around: Around) -> dict[str, Any]:
    """Of those that nobody has to make, the first holds until one is made: it says so, and stays unsaid."""
    first = "" if not setting.required and not value else setting.choices[0]
    words = [choice_name(setting.name, each) for each in setting.choices]
    offered = zip((first, *setting.choices[1:]), words, strict=True)
    return {"choices": [Offered(value=each, words=said) for each, said in offered]}


def _units(_setting: Setting, value: object, _around: Around) -> dict[str, Any]:
    units = [Offered(value=each.value, words=choice_name("unit", each.value)) for each in Unit]
    return {"choices": units, "value": str(value or Unit.DAYS.value)}


def _lists(_setting: Setting, _value: object, around: Around) -> dict[str, Any]:
    return {"suggestions": [Offered(value=each, words=each) for each in around.choices.lists]}


def _people(_setting: Setting, _value: object, around: Around) -> dict[str, Any]:
    people = around.choices.people.items()
    return {"suggestions": [Offered(value=email, words=name) for email, name in people]}


def _workflows(_setting: Setting, value: object, around: Around) -> dict[str, Any]:
    names = dict.fromkeys((*around.choices.workflows, *((str(value),) if value else ())))
    return {"choices": [Offered(value=each, words=each) for each in names]}


def _named(keys: Iterable[str], around: Around) -> list[Offered]:
    return [Offered(value=key, words=around.steps[key]) for key in keys if key in around.steps]


def _surveys(_setting: Setting, value: object, around: Around) -> dict[str, Any]:
    known = around.choices.surveys
    offered = [Offered(value=key, words=survey_title(each, around.choices)) for key, each in known.items()]
    if value and value not in known:
        offered.append(Offered(value=str(value), words=str(value)))
    return {"choices": offered}


_MORE: Mapping[Type, Callable[[Setting, object, Around], dict[str, Any]]] = {
    Type.WORDS: lambda setting, value, _around: {"words": _words(setting, value)},
    Type.NUMBER: lambda setting, _value, _around: {"least": setting.least},
    Type.TIME: lambda _setting, value, _around: {"value": str(value or "")[:5]},
    Type.CHOICE: _chosen,
    Type.UNIT: _units,
    Type.FACT: _facts,
    Type.STEP: _steps,
    Type.LIST: _lists,
    Type.PERSON: _people,
    Type.SURVEY: _surveys,
    Type.WORKFLOW: _workflows,
}
"""What the field of each type has besides."""


def survey_title(survey: Survey, choices: Choices) -> str:
    """The survey's title in the company's language, else in its first."""
    return survey.title.get(choices.language) or next(iter(survey.title.values()), survey.key)


def _label(setting: Setting, kind: str) -> str:
    own = {
        (Kind.ACTIVITY, "days"): _("Due after so many days"),
        (Kind.WAIT_UNTIL, "days"): _("Days after it (with a minus: before)"),
        (Kind.WAIT_FOR, "days"): _("Days after it (with a minus: before)"),
        (Kind.WAIT_FOR, "amount"): _("For at most"),
        (Kind.WAIT_FOR, "field"): _("Or at most up to this day"),
        (Kind.WAIT_FOR, "of"): _("About which of these"),
        (Kind.WAIT_UNTIL, "field"): _("Until which day"),
        (Kind.SET_FIELD, "field"): _("Which field"),
        ("date", "field"): _("Which day"),
        ("date", "days"): _("Days after it (with a minus: before)"),
        ("due", "days"): _("Days after the due date (with a minus: before)"),
        ("inactivity", "of"): _("What did not happen"),
    }
    found = own.get((kind, setting.name))
    return str(found or _(label(setting.name)))


def _help(setting: Setting, kind: str) -> str:
    own = {
        ("event", "key"): _(
            "Such as “appointment”: then each one has a run of its own. Empty: a customer enters once."
        ),
        ("listed", "list"): _("Empty: the list of any campaign that this workflow is attached to."),
        (Kind.ACTIVITY, "person"): _("The e-mail address of a colleague, or of somebody outside."),
        (Kind.NOTIFY, "person"): _("The e-mail address of a colleague, or of somebody outside."),
        (Kind.WEBHOOK, "address"): _("It gets the customer's data as JSON."),
        (Kind.SET_FIELD, "value"): _("Empty: the field is cleared."),
    }
    return str(own.get((kind, setting.name), ""))


def asking_steps(steps: Iterable[Step]) -> list[str]:
    """The keys of the steps that a customer can react to."""
    return [step.key for step in steps if step.kind in MESSAGES]
