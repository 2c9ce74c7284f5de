"""The settings of the steps that do something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from arfollow.workflows.rules.definition import Kind
from arfollow.workflows.rules.settings import Setting, Type

_MAIL = Setting(name="words", type=Type.WORDS, parts=("subject", "text"))
_TEXT = Setting(name="words", type=Type.WORDS, parts=("text",))
_TITLED = Setting(name="words", type=Type.WORDS, parts=("title", "text"))
# What a message is about decides whether consent or the follow-up's stops are asked for.
_PURPOSE = Setting(
    name="purpose", type=Type.CHOICE, choices=("service", "money", "marketing"), required=False
)
_WHO = Setting(
    name="who", type=Type.CHOICE, choices=("responsible", "sales", "manager", "person"), required=False
)
_PERSON = Setting(name="person", type=Type.PERSON, required=False)

ACTING: Mapping[Kind, Sequence[Setting]] = {
    Kind.EMAIL: (
        _MAIL,
        _PURPOSE,
        Setting(name="attach", type=Type.CHOICE, choices=("none", "statement"), required=False),
    ),
    Kind.SMS: (_TEXT, _PURPOSE),
    Kind.LETTER: (_TITLED, _PURPOSE),
    Kind.SURVEY: (
        Setting(name="survey", type=Type.SURVEY),
        _MAIL,
        _PURPOSE,
        Setting(name="channel", type=Type.CHOICE, choices=("email", "sms"), required=False),
    ),
    Kind.NOTIFY: (_MAIL, _WHO, _PERSON),
    Kind.ACTIVITY: (
        _TITLED,
        Setting(name="days", type=Type.NUMBER, required=False),
        _WHO,
        _PERSON,
    ),
    Kind.ADD_TO_LIST: (Setting(name="list", type=Type.LIST),),
    Kind.REMOVE_FROM_LIST: (Setting(name="list", type=Type.LIST),),
    Kind.SET_FIELD: (
        Setting(name="field", type=Type.FACT),
        Setting(name="value", type=Type.TEXT, required=False),
    ),
    Kind.HAND_OVER: (Setting(name="words", type=Type.WORDS, parts=("title", "text"), required=False),),
    Kind.WEBHOOK: (Setting(name="address", type=Type.ADDRESS),),
    Kind.START_WORKFLOW: (Setting(name="workflow", type=Type.WORKFLOW),),
}
