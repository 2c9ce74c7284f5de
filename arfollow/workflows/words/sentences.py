"""Steps, triggers and conditions as short sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from arfollow.workflows.rules.definition import (
    MESSAGES,
    TIMED_OUT,
    Branch,
    Definition,
    Kind,
    Settings,
    Step,
    Trigger,
)
from arfollow.workflows.rules.settings import steps_meant
from arfollow.workflows.rules.triggers import TriggerKind, begins_by, key_name
from arfollow.workflows.variables import spoken
from arfollow.workflows.words.conditions import condition_words
from arfollow.workflows.words.kinds import LOOKS
from arfollow.workflows.words.names import choice_name, event_name, fact_name

_LONGEST_QUOTE = 70
# What these are about is a setting, which is said as it is.
_NAMED = {
    Kind.ADD_TO_LIST: "list",
    Kind.REMOVE_FROM_LIST: "list",
    Kind.START_WORKFLOW: "workflow",
    Kind.WEBHOOK: "address",
}
# Wording has its own language; in a drawing what is put in is a gap.
_VARIABLES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def step_name(step: Step) -> str:
    """What the block is called: its name, else its kind."""
    return step.name or str(LOOKS[step.kind].name)


def step_words(step: Step, names: Mapping[str, str], language: str) -> str:
    """What the step does, in a line; empty where its name says all. `names`: of all steps by key."""
    said: str = ""
    match step.kind:
        case Kind.EMAIL | Kind.SMS | Kind.LETTER | Kind.SURVEY | Kind.NOTIFY | Kind.ACTIVITY | Kind.HAND_OVER:
            said = _quoted(step, language)
        case Kind.WAIT:
            said = span_words(step.settings)
        case Kind.WAIT_UNTIL:
            said = day_words(step.settings)
        case Kind.WAIT_FOR:
            said = _awaited(step, names)
        case Kind.GO_TO:
            said = f"→ {names.get(_text(step, 'step')) or _('(nothing chosen yet)')}"
        case Kind.SET_FIELD:
            said = f"{fact_name(_text(step, 'field'))} = {_text(step, 'value') or '–'}"
        case kind if kind in _NAMED:
            said = _text(step, _NAMED[kind])
    return said


def span_words(settings: Settings) -> str:
    """`3 working days later, at 09:00`."""
    amount, unit = _number(settings.get("amount")), str(settings.get("unit") or "days")
    match unit:
        case "minutes":
            words = ngettext("%(num)s minute later", "%(num)s minutes later", amount)
        case "hours":
            words = ngettext("%(num)s hour later", "%(num)s hours later", amount)
        case "working_days":
            words = ngettext("%(num)s working day later", "%(num)s working days later", amount)
        case "weeks":
            words = ngettext("%(num)s week later", "%(num)s weeks later", amount)
        case "months":
            words = ngettext("%(num)s month later", "%(num)s months later", amount)
        case _:
            words = ngettext("%(num)s day later", "%(num)s days later", amount)
    return _with_hour(words, settings)


def day_words(settings: Settings) -> str:
    """`2 days before: campaign day, at 09:00`."""
    days, day = _number(settings.get("days")), fact_name(str(settings.get("field") or ""))
    if days == 0:
        words = str(_("on the day: %(day)s", day=day))
    elif days < 0:
        words = ngettext("%(num)s day before: %(day)s", "%(num)s days before: %(day)s", -days, day=day)
    else:
        words = ngettext("%(num)s day after: %(day)s", "%(num)s days after: %(day)s", days, day=day)
    return _with_hour(words, settings)


def branch_words(step: Step, branch: Branch, currency: str) -> str:
    """What stands beside a path: its label, else what leads to it."""
    if branch.label:
        return branch.label
    if branch.outcome == TIMED_OUT:
        return str(_("nothing came"))
    if step.kind is Kind.WAIT_FOR:
        return event_name(branch.outcome)
    return condition_words(branch.condition, currency) or str(_("otherwise"))


def trigger_words(trigger: Trigger) -> str:
    """What enrols a customer, as a sentence."""
    settings = trigger.settings
    match trigger.kind:
        case "event":
            said = _("When this happens: %(event)s", event=event_name(str(settings.get("event", ""))))
        case "word":
            word = str(settings.get("word", "")).upper()
            said = _("When a text message begins with “%(word)s”", word=word)
        case "date":
            said = _("Each customer, %(when)s", when=day_words(settings))
        case "due":
            said = _due(_number(settings.get("days")))
        case "listed" if name := settings.get("list"):
            said = _("When a customer is put on the list “%(list)s”", list=name)
        case "listed":
            said = _("When a customer is put on the list of a campaign that this is attached to")
        case "inactivity":
            said = _idle(settings)
        case "purchases" | "after":
            said = _after(trigger.kind, settings)
        case _:
            said = _("By hand: you choose the customers")
    return str(said)


def day_zero_words(trigger: Trigger) -> str:
    """Which day is the first of the timeline, where customers enter so many days before or after one; else empty."""
    if not (by := begins_by(trigger)) or not by[1]:
        return ""
    day = day_words({"field": by[0], "days": by[1]})
    return str(_("Day 0: %(day)s", day=day))


def again_words(definition: Definition) -> str:
    """Whether the same customer may enter again."""
    days = definition.again_after_days
    if days is None and definition.trigger.kind == TriggerKind.DATE:
        return str(_("Again for another such day only"))
    if days is None and key_name(definition.trigger):
        return str(_("Never twice for the same invoice, campaign, appointment or the like"))
    if days is None:
        return str(_("Once only: nobody enters twice"))
    if days == 0:
        return str(_("Again as soon as it is over"))
    return str(
        ngettext("Again after %(num)s day at the earliest", "Again after %(num)s days at the earliest", days)
    )


def _variable(found: re.Match[str]) -> str:
    return "…" if found.group().startswith("{{") else ""


def _quoted(step: Step, language: str) -> str:
    parts = spoken(step.settings, language)
    text = _VARIABLES.sub(
        _variable, str(parts.get("subject") or parts.get("title") or parts.get("text") or "")
    )
    text = " ".join(text.split())
    if len(text) > _LONGEST_QUOTE:
        text = text[:_LONGEST_QUOTE].rstrip() + " …"
    return str(_("“%(text)s”", text=text)) if text else ""


def step_aside(step: Step) -> str:
    """What else is to be known of it: the purpose of a message, whom a to-do is for."""
    settings = step.settings
    if step.kind in (Kind.NOTIFY, Kind.ACTIVITY):
        who = str(settings.get("who") or "responsible")
        return str(settings.get("person") or "") if who == "person" else choice_name("who", who)
    purposes = {"money": _("money"), "marketing": _("marketing"), "service": _("service")}
    return str(purposes[str(settings.get("purpose") or "service")]) if step.kind in MESSAGES else ""


def _awaited(step: Step, names: Mapping[str, str]) -> str:
    events = [event_name(branch.outcome) for branch in step.branches if branch.outcome != TIMED_OUT]
    until = day_words(step.settings) if step.settings.get("field") else span_words(step.settings)
    words = _("%(events)s; if not: %(until)s", events=f" {_('or')} ".join(events), until=until)
    about = [names[key] for key in steps_meant(step.settings.get("of")) if key in names]
    return f"{words} · {', '.join(about)}" if about else str(words)


def _due(days: int) -> str:
    if days == 0:
        return str(_("On the day an invoice falls due, while it is open"))
    if days < 0:
        before = ngettext(
            "%(num)s day before an invoice falls due, while it is open",
            "%(num)s days before an invoice falls due, while it is open",
            -days,
        )
        return str(before)
    after = ngettext(
        "%(num)s day after an invoice fell due, while it is open",
        "%(num)s days after an invoice fell due, while it is open",
        days,
    )
    return str(after)


def _idle(settings: Settings) -> str:
    amount, unit = _number(settings.get("amount")), str(settings.get("unit") or "days")
    time = f"{amount} {choice_name('unit', unit)}"
    if settings.get("of") == "anything":
        return str(_("When nothing at all has happened for %(time)s", time=time))
    return str(_("When there was no purchase for %(time)s", time=time))


def _after(kind: str, settings: Settings) -> str:
    bought = ""
    if settings.get("at_least"):
        bought = _purchases(_number(settings["at_least"]), _number(settings.get("within_months")))
    if kind == "purchases":
        return str(_("After %(bought)s", bought=bought or _("enough purchases")))
    words = str(_("When the workflow “%(name)s” ends", name=settings.get("workflow") or "–"))
    return f"{words}, {bought}" if bought else words


def _purchases(at_least: int, months: int) -> str:
    many = ngettext("at least %(num)s purchase", "at least %(num)s purchases", at_least)
    within = ngettext("within %(num)s month", "within %(num)s months", months)
    return f"{many} {within}"


def _with_hour(words: str, settings: Settings) -> str:
    at = str(settings.get("at") or "")[:5]
    said = str(_("%(when)s, at %(hour)s", when=words, hour=at)) if at else words
    if settings.get("only_working_days"):
        return str(_("%(when)s, on a working day", when=said))
    return said


def _text(step: Step, name: str) -> str:
    return str(step.settings.get(name) or "")


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
