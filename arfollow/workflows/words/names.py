"""What facts, events, settings and their choices are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from arfollow.profiles.words import event_words
from arfollow.workflows.rules.conditions import Operator
from arfollow.workflows.rules.facts import DAYS_TO

FACTS: Mapping[str, object] = {
    "customer.number": _l("customer number"),
    "customer.name": _l("customer name"),
    "customer.currency": _l("currency"),
    "customer.country": _l("country code"),
    "customer.city": _l("city"),
    "customer.postal_code": _l("postal code"),
    "customer.language": _l("language code"),
    "customer.email": _l("e-mail address"),
    "customer.mobile": _l("mobile number"),
    "customer.closed": _l("account closed"),
    "lists": _l("lists of the customer"),
    "workflows": _l("workflows of the customer"),
    "consent.email": _l("agreed to marketing by e-mail"),
    "consent.sms": _l("agreed to marketing by text message"),
    "consent.letter": _l("agreed to marketing by letter"),
    "money.open": _l("open amount"),
    "money.overdue": _l("overdue amount"),
    "money.owes": _l("owes something overdue"),
    "invoice.open": _l("open amount of the invoice"),
    "invoice.paid": _l("invoice paid"),
    "invoice.due_date": _l("due date of the invoice"),
    "purchases.first": _l("day of the first purchase"),
    "purchases.last": _l("day of the last purchase"),
    "campaign.name": _l("name of the campaign"),
    "campaign.day": _l("day of the campaign"),
    "campaign.time": _l("time of the campaign"),
    "campaign.place": _l("place of the campaign"),
}

FACT_GROUPS: Mapping[str, object] = {
    "customer": _l("Customer"),
    "lists": _l("Lists and workflows"),
    "workflows": _l("Lists and workflows"),
    "consent": _l("Consent"),
    "money": _l("Money"),
    "invoice": _l("The invoice that this is about"),
    "purchases": _l("Purchases"),
    "campaign": _l("The campaign"),
    "field": _l("Fields of your own"),
    "answer": _l("Answers to surveys"),
    "event": _l("What has happened since"),
    "in_a_row": _l("The same several times in a row"),
    "days_to": _l("How many days away a day is"),
}
"""What the first part of a fact's name says it is about."""

OPERATORS: Mapping[Operator, object] = {
    Operator.IS: _l("is"),
    Operator.IS_NOT: _l("is not"),
    Operator.CONTAINS: _l("contains"),
    Operator.LESS: _l("is less than"),
    Operator.MORE: _l("is more than"),
    Operator.AT_LEAST: _l("is at least"),
    Operator.AT_MOST: _l("is at most"),
    Operator.KNOWN: _l("is known"),
    Operator.UNKNOWN: _l("is not known"),
}

TRIGGERS: Mapping[str, object] = {
    "by_hand": _l("By hand"),
    "event": _l("Something happens"),
    "word": _l("A text message with a word"),
    "date": _l("A day of the customer"),
    "due": _l("An invoice falls due"),
    "listed": _l("Put on a list"),
    "inactivity": _l("Nothing happens for a time"),
    "purchases": _l("Purchases: the first, or so many"),
    "after": _l("Another workflow ends"),
}

CHOICES: Mapping[tuple[str, str], object] = {
    ("purpose", "service"): _l("service: always sent"),
    ("purpose", "money"): _l("money: stops at holds, disputes and promises"),
    ("purpose", "marketing"): _l("marketing: only with consent"),
    ("who", "responsible"): _l("the person responsible"),
    ("who", "sales"): _l("the sales representative"),
    ("who", "manager"): _l("a manager"),
    ("who", "person"): _l("the person named below"),
    ("attach", "statement"): _l("the statement"),
    ("attach", "none"): _l("nothing"),
    ("channel", "email"): _l("by e-mail"),
    ("channel", "sms"): _l("by text message"),
    ("unit", "minutes"): _l("minutes"),
    ("unit", "hours"): _l("hours"),
    ("unit", "days"): _l("days"),
    ("unit", "working_days"): _l("working days"),
    ("unit", "weeks"): _l("weeks"),
    ("unit", "months"): _l("months"),
    ("of", "purchases"): _l("no purchase"),
    ("of", "anything"): _l("nothing at all"),
}


def event_name(kind: str) -> str:
    """The kind of event in words; one of the company's own by its name."""
    return event_words(kind) or str(_("(nothing chosen yet)"))


def fact_name(name: str) -> str:
    """The fact in words."""
    if name in FACTS:
        return str(FACTS[name])
    if name.startswith(DAYS_TO):
        return str(_("days until: %(day)s", day=fact_name(name.removeprefix(DAYS_TO))))
    family, _point, rest = name.partition(".")
    kind, _point, told = rest.partition(".")
    return _of_family(family, kind, told.replace("_", " ")) or name or str(_("(nothing chosen yet)"))


def _of_family(family: str, kind: str, told: str) -> str:
    event = event_name(kind)
    match family:
        case "field":
            said = kind.replace("_", " ")
        case "answer":
            said = _("answer to “%(question)s” (%(survey)s)", question=told, survey=kind)
        case "in_a_row":
            said = _("same “%(told)s” in a row: %(event)s", told=told, event=event)
        case "event" if told == "at":
            said = _("last day: %(event)s", event=event)
        case "event" if told:
            said = _("%(told)s, as last told: %(event)s", told=told, event=event)
        case "event":
            said = _("how often: %(event)s", event=event)
        case _:
            said = ""
    return str(said)


def fact_group(name: str) -> str:
    """What the fact is about, as a heading of facts."""
    return str(FACT_GROUPS.get(name.partition(".")[0]) or FACT_GROUPS["customer"])


def choice_name(setting: str, value: str) -> str:
    """A choice of a setting in words."""
    return str(CHOICES.get((setting, value)) or value)


def trigger_name(kind: str) -> str:
    """The kind of trigger in words."""
    return str(TRIGGERS.get(kind) or kind)


def state_name(state: str) -> str:
    """The state of a workflow in words."""
    names = {"draft": _("draft"), "running": _("running"), "paused": _("paused"), "retired": _("retired")}
    return str(names.get(state, state))
