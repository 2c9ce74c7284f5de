"""What enrols a customer: the settings of each trigger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from arfollow.workflows.rules.settings import Setting, Type


class TriggerKind(StrEnum):
    """What enrols a customer."""

    BY_HAND = "by_hand"
    EVENT = "event"
    DATE = "date"
    DUE = "due"
    INACTIVITY = "inactivity"
    PURCHASES = "purchases"
    AFTER = "after"


EVENTS = (
    "invoice_missed payment_received payment_failed sale_concluded service_arrived product_arrived appointment_booked "
    "survey_answered message_received registered attended missed custom"
).split()
"""The events that the program itself knows; any other name is an event of the company's own."""

_KEY = Setting(name="key", type=Type.TEXT, required=False)
TRIGGERS: Mapping[str, Sequence[Setting]] = {
    TriggerKind.BY_HAND: (),
    # `key`: what of the event tells one enrolment from another, such as its appointment; else a customer enters once.
    TriggerKind.EVENT: (Setting(name="event", type=Type.TEXT), _KEY),
    TriggerKind.DATE: (
        Setting(name="field", type=Type.FACT),
        Setting(name="days", type=Type.NUMBER, required=False, least=-3650),
        Setting(name="at", type=Type.TIME, required=False),
    ),
    # Of every invoice: so many days after (below 0: before) its due date while something of it is open.
    TriggerKind.DUE: (Setting(name="days", type=Type.NUMBER, least=-365),),
    TriggerKind.INACTIVITY: (Setting(name="days", type=Type.NUMBER, least=1),),
    TriggerKind.PURCHASES: (
        Setting(name="at_least", type=Type.NUMBER, least=1),
        Setting(name="within_months", type=Type.NUMBER, least=1),
    ),
    TriggerKind.AFTER: (
        Setting(name="workflow", type=Type.WORKFLOW),
        Setting(name="at_least", type=Type.NUMBER, required=False, least=1),
        Setting(name="within_months", type=Type.NUMBER, required=False, least=1),
    ),
}
"""The settings of each trigger. Of AFTER, `at_least` purchases within `within_months` may be asked for, too."""
