"""What each kind of step is called, shows, and does; in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from arfollow.workflows.rules.definition import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a kind of step is shown. `family`: which of the groups it belongs to, which its colour repeats."""

    name: object
    about: object
    icon: str
    family: str


LOOKS: Mapping[Kind, Look] = {
    Kind.EMAIL: Look(
        name=_l("Send an e-mail"), about=_l("in the customer's language"), icon="envelope", family="message"
    ),
    Kind.SMS: Look(
        name=_l("Send a text message"),
        about=_l("to the mobile number"),
        icon="chat-left-text",
        family="message",
    ),
    Kind.LETTER: Look(
        name=_l("Send a letter"), about=_l("printed with your letterhead"), icon="mailbox", family="message"
    ),
    Kind.SURVEY: Look(
        name=_l("Ask a survey"), about=_l("a link to a few questions"), icon="list-check", family="message"
    ),
    Kind.NOTIFY: Look(
        name=_l("Tell a colleague"), about=_l("an e-mail inside the company"), icon="bell", family="people"
    ),
    Kind.ACTIVITY: Look(
        name=_l("Give somebody a to-do"),
        about=_l("it appears in the daily list"),
        icon="check2-square",
        family="people",
    ),
    Kind.HAND_OVER: Look(
        name=_l("Hand over to follow-up"),
        about=_l("a clerk goes on by the levels"),
        icon="hand-index-thumb",
        family="people",
    ),
    Kind.WAIT: Look(
        name=_l("Wait for a time"),
        about=_l("minutes, days, working days, months"),
        icon="hourglass-split",
        family="wait",
    ),
    Kind.WAIT_UNTIL: Look(
        name=_l("Wait until a day"),
        about=_l("before or after a date of the customer"),
        icon="calendar-event",
        family="wait",
    ),
    Kind.WAIT_FOR: Look(
        name=_l("Wait for something to happen"),
        about=_l("opened, answered, paid; and what if not"),
        icon="eye",
        family="wait",
    ),
    Kind.BRANCH: Look(
        name=_l("Divide by a condition"), about=_l("one path for each case"), icon="diagram-2", family="route"
    ),
    Kind.GO_TO: Look(
        name=_l("Go on at another step"),
        about=_l("also back, as a loop"),
        icon="arrow-return-right",
        family="route",
    ),
    Kind.RESTART: Look(
        name=_l("Begin again"), about=_l("from the first step"), icon="arrow-repeat", family="route"
    ),
    Kind.END: Look(name=_l("End here"), about=_l("the customer leaves"), icon="flag", family="route"),
    Kind.ADD_TO_LIST: Look(
        name=_l("Put on a list"), about=_l("a segment or campaign"), icon="plus-circle", family="data"
    ),
    Kind.REMOVE_FROM_LIST: Look(
        name=_l("Take off a list"), about=_l("a segment or campaign"), icon="dash", family="data"
    ),
    Kind.SET_FIELD: Look(
        name=_l("Change a field"), about=_l("a field of your own"), icon="pencil", family="data"
    ),
    Kind.START_WORKFLOW: Look(
        name=_l("Start another workflow"),
        about=_l("for the same customer"),
        icon="play-circle",
        family="data",
    ),
    Kind.WEBHOOK: Look(
        name=_l("Call another program"),
        about=_l("a webhook, for your developers"),
        icon="link-45deg",
        family="data",
    ),
}

FAMILIES: Mapping[str, object] = {
    "message": _l("To the customer"),
    "people": _l("To your colleagues"),
    "wait": _l("Waiting"),
    "route": _l("Where it goes on"),
    "data": _l("What is known, and other programs"),
}
"""The groups in which they are offered, by family."""


def offered() -> Sequence[tuple[str, object, Sequence[tuple[Kind, Look]]]]:
    """Family, its name, and its kinds."""
    return [
        (family, name, [(kind, look) for kind, look in LOOKS.items() if look.family == family])
        for family, name in FAMILIES.items()
    ]
