"""What enrols a customer: the settings of each trigger, and when it does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any

from arfollow.workflows.rules.definition import Trigger
from arfollow.workflows.rules.settings import Setting, Type
from arfollow.workflows.rules.waits import Unit, months_after


class TriggerKind(StrEnum):
    """What enrols a customer."""

    BY_HAND = "by_hand"
    EVENT = "event"
    WORD = "word"
    DATE = "date"
    DUE = "due"
    LISTED = "listed"
    INACTIVITY = "inactivity"
    PURCHASES = "purchases"
    AFTER = "after"


EVENTS: Mapping[str, Sequence[str]] = {
    "appointment_booked": ("appointment", "day", "time", "place", "map_link"),
    "appointment_cancelled": ("appointment",),
    "attended": ("campaign",),
    "clicked": (),
    "confirmed": (),
    "contract_ended": (),
    "contract_renewed": (),
    "deal_updated": ("deal", "name", "status"),
    "disputed": ("invoice",),
    "failed": ("channel",),
    "invoice_missed": ("invoice",),
    "message_failed": ("channel",),
    "message_received": ("text", "word", "number"),
    "message_sent": ("channel",),
    "missed": ("campaign",),
    "opened": (),
    "opted_out": (),
    "payment_failed": ("invoice", "reason"),
    "payment_received": ("invoice",),
    "product_arrived": ("order", "product", "guide_link", "video_link"),
    "promised": ("day",),
    "promise_broken": ("promise",),
    "promise_kept": ("promise",),
    "promise_made": ("promise",),
    "purchased": ("invoice",),
    "registered": ("campaign",),
    "replied": ("text", "word"),
    "sale_concluded": ("sale", "product"),
    "service_arrived": ("order",),
    "survey_answered": ("survey",),
}
"""The events that the program itself knows, and what each tells; any other name is an event of the company's own.

`purchased` is told by each invoice that comes in, `payment_received` by each payment and by each invoice that one is applied to,
`invoice_missed` by each invoice that is overdue, `message_sent` and `message_failed` by what a workflow sends. `survey_answered` tells the answers too, by the keys of their questions. `word` is the first word of a text, as `word_of` gives it.
"""

INVOICE_MISSED, PROMISE_BROKEN, PROMISE_KEPT = "invoice_missed", "promise_broken", "promise_kept"
BY_DAYS = frozenset({INVOICE_MISSED, PROMISE_BROKEN})
"""Events that nobody tells: the day comes."""

_KEY = Setting(name="key", type=Type.TEXT, required=False)
_PURCHASES = ("at_least", "within_months")
TRIGGERS: Mapping[str, Sequence[Setting]] = {
    TriggerKind.BY_HAND: (),
    # `key`: what of the event tells one enrolment from another, such as its appointment; else a customer enters once.
    TriggerKind.EVENT: (Setting(name="event", type=Type.TEXT), _KEY),
    # A text message that begins with the word, sent to the number (none: to any of the company's).
    TriggerKind.WORD: (
        Setting(name="word", type=Type.TEXT),
        Setting(name="number", type=Type.TEXT, required=False),
    ),
    TriggerKind.DATE: (
        Setting(name="field", type=Type.FACT),
        Setting(name="days", type=Type.NUMBER, required=False, least=-3650),
        Setting(name="at", type=Type.TIME, required=False),
    ),
    # Of every invoice: so many days after (below 0: before) its due date while something of it is open.
    TriggerKind.DUE: (Setting(name="days", type=Type.NUMBER, least=-365),),
    # Put on the list; without one: on the list of any campaign that the workflow is attached to, once for each.
    TriggerKind.LISTED: (Setting(name="list", type=Type.LIST, required=False),),
    # `of`: what did not happen for so long.
    TriggerKind.INACTIVITY: (
        Setting(name="amount", type=Type.NUMBER, least=1),
        Setting(name="unit", type=Type.CHOICE, choices=("days", "weeks", "months"), required=False),
        Setting(name="of", type=Type.CHOICE, choices=("purchases", "anything"), required=False),
    ),
    TriggerKind.PURCHASES: tuple(
        Setting(name=name, type=Type.NUMBER, least=1, most=1_200) for name in _PURCHASES
    ),
    TriggerKind.AFTER: (
        Setting(name="workflow", type=Type.WORKFLOW),
        *(Setting(name=name, type=Type.NUMBER, required=False, least=1, most=1_200) for name in _PURCHASES),
    ),
}
"""The settings of each trigger. Of AFTER, `at_least` purchases within `within_months` may be asked for, too."""


NINE = time(9)
"""When things begin on a day for which no time is given."""

DATED = frozenset({TriggerKind.DATE, TriggerKind.DUE, TriggerKind.INACTIVITY, TriggerKind.PURCHASES})
"""These fire on days, which nobody tells."""

LOOKING = DATED | {TriggerKind.LISTED}
"""These look at customers of whom something has changed."""

_KEYS = {TriggerKind.LISTED.value: "campaign", TriggerKind.DUE.value: "invoice"}


def begins_by(trigger: Trigger) -> tuple[str, int] | None:
    """The day by which customers enter, and how many days after it (below 0: before)."""
    days = trigger.settings.get("days", 0)
    match trigger.kind:
        case TriggerKind.DATE if isinstance(days, int):
            return str(trigger.settings.get("field", "")), days
        case TriggerKind.DUE if isinstance(days, int):
            return "invoice.due_date", days
        case _:
            return None


def key_name(trigger: Trigger) -> str:
    """What an event tells to say which enrolment of a customer it is about, such as its appointment; empty: there is but one."""
    return str(trigger.settings.get("key", "")) or _KEYS.get(trigger.kind, "")


def is_day_of_customer(fact: str) -> bool:
    """Whether a trigger can wait for the day that it names: a field of the company's own, the first or the last purchase."""
    return fact.startswith("field.") or fact in ("purchases.first", "purchases.last")


def event_of(trigger: Trigger) -> str:
    """The kind of event that it waits for; empty: none."""
    if trigger.kind == TriggerKind.WORD:
        return "message_received"
    return str(trigger.settings.get("event", "")) if trigger.kind == TriggerKind.EVENT else ""


def is_meant(trigger: Trigger, told: Mapping[str, Any]) -> bool:
    """Whether an event of its kind that tells this enrols somebody: the word, sent to the number; what it is about is told."""
    if trigger.kind == TriggerKind.WORD:
        number = str(trigger.settings.get("number", ""))
        word = str(told.get("word") or word_of(str(told.get("text", ""))))
        return word == word_of(str(trigger.settings["word"])) and number in ("", str(told.get("number", "")))
    name = key_name(trigger)
    return not name or bool(str(told.get(name, "")))


def begins_at(trigger: Trigger) -> time | None:
    """The time at which it begins on its day; None: at once."""
    if trigger.kind not in (TriggerKind.DATE, TriggerKind.DUE, TriggerKind.INACTIVITY):
        return None
    at = trigger.settings.get("at")
    return at if isinstance(at, time) else time.fromisoformat(at) if isinstance(at, str) else NINE


def has_purchased(days: Sequence[date], *, at_least: int, within_months: int, today: date) -> bool:
    """Whether so many of the days lie in the months up to today; the same day so many months ago is outside."""
    begin = months_after(today, -within_months)
    return sum(begin < day <= today for day in days) >= at_least


def inactive_on(last: date, *, amount: int, unit: Unit = Unit.DAYS) -> date:
    """The first day on which nothing has happened for so many days, weeks or months since `last`."""
    if unit is Unit.MONTHS:
        return months_after(last, amount)
    return last + timedelta(days=amount * (7 if unit is Unit.WEEKS else 1))


def word_of(text: str) -> str:
    """The first word of a text message, in small letters and without punctuation; empty: there is none."""
    found = re.search(r"\w+", text.casefold())
    return found.group() if found else ""
