"""Words of follow-up in the page's language: why a customer is on the list or not, when next, bands, kinds of contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from babel.dates import format_date, format_skeleton
from flask_babel import LazyString, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from arfollow.delivery.queries import Progress
from arfollow.delivery.rules import State
from arfollow.followup.queries.customer import Gap
from arfollow.followup.rules import Band, Status
from arfollow.levels.rules.explaining import Code, Explanation
from arfollow.levels.rules.facts import Step
from arfollow.levels.rules.outlook import Outlook, Rest

# %(on)s is "today" or "on 20 November", %(until)s "until 6 December" or "until somebody ends it".
_HERE: Mapping[Code, LazyString] = {
    Code.UNDELIVERED: _l("Here because a message failed or may not have arrived: somebody has to decide."),
    Code.PROMISE_BROKEN: _l("Here because a promise to pay was broken %(on)s."),
    Code.TASK: _l("Here because of a task due %(on)s."),
    Code.MANUAL: _l("Here because of the Manual reminder for %(day)s."),
    Code.LEVEL: _l("Here because %(invoice)s reached “%(level)s” %(on)s (%(age)s)."),
    Code.STARTED: _l("Here because this follow-up was begun and is not Done yet."),
    Code.REVIEW: _l("Here for review: every level was followed, last %(on)s, and money is still owed."),
    Code.CASH: _l("Here because unapplied credit covers what would be chased: apply it."),
}
_NOT_HERE: Mapping[Code, LazyString] = {
    Code.SETTLED: _l("Not on the list: nothing is open."),
    Code.SNOOZED: _l("Not on the list: put off by Do It Later, up to and including %(day)s."),
    Code.CUSTOMER_HELD: _l("Not on the list: the customer is on hold %(until)s."),
    Code.ITEMS_HELD: _l("Not on the list: what could be chased is on hold %(until)s."),
    Code.DISPUTED: _l("Not on the list: what is open is disputed."),
    Code.PROMISED: _l("Not on the list: payment is promised by %(day)s."),
    Code.TOLERATED: _l("Not on the list: what is open is too little to chase."),
    Code.NO_PLAN: _l("Not on the list: this customer is in no plan, so there is no follow-up."),
    Code.MANUAL_AHEAD: _l("Not on the list: the reminder is set to Manual, for %(day)s."),
    Code.LEFT_IN_PEACE: _l(
        "Not on the list: it rests until %(day)s, to be left in peace after the last contact."
    ),
    Code.BELOW_MINIMUM: _l("Not on the list: a level is reached, but less is owed than the plan's minimum."),
    Code.NOT_REACHED: _l("Not on the list: no level is due yet."),
    Code.NOTHING_MORE: _l("Not on the list: every level was followed, and the plan has nothing more."),
}
_FAILED = _l("Here because a message was not delivered: somebody has to decide what happens next.")
_UNCERTAIN = _l("Here because nobody knows whether a message was delivered: somebody has to decide.")
_UNTIL_DEADLINE = _l("Not on the list: it rests until %(day)s, the deadline of the last follow-up.")
_BECAUSE: Mapping[Code, LazyString] = {
    Code.PROMISE_BROKEN: _l("%(day)s, if the promise is not kept"),
    Code.TASK: _l("%(day)s, for a task"),
    Code.MANUAL: _l("%(day)s, for the Manual reminder"),
    Code.LEVEL: _l("%(day)s, when %(invoice)s reaches “%(level)s”"),
    Code.REVIEW: _l("%(day)s, for review"),
    Code.CASH: _l("%(day)s, to apply cash"),
}
_RESTED: Mapping[Rest, LazyString] = {
    Rest.DEADLINE: _l(
        "%(day)s, for “%(level)s” of %(invoice)s once the deadline of the last contact has passed"
    ),
    Rest.GAP: _l("%(day)s, for “%(level)s” of %(invoice)s once the plan's contact gap has passed"),
}
_NEVER: Mapping[Code, LazyString] = {
    Code.CUSTOMER_HELD: _l("It does not come back until the hold is released."),
    Code.ITEMS_HELD: _l("It does not come back until a hold is released."),
    Code.DISPUTED: _l("It does not come back until a dispute is resolved."),
    Code.TOLERATED: _l("It does not come back until more is owed."),
}
_BANDS: Mapping[Band, LazyString] = {
    Band.UNDELIVERED: _l("Not delivered"),
    Band.PROMISE_BROKEN: _l("Promise broken"),
    Band.TASK: _l("Task due"),
    Band.MANUAL: _l("Manual reminder"),
    Band.LEVEL: _l("Level due"),
    Band.STARTED: _l("Begun, not Done"),
    Band.REVIEW: _l("Review"),
    Band.CASH: _l("Apply cash"),
    Band.NOT_LISTED: _l("Not on the list"),
}
_STATUSES: Mapping[Status, LazyString] = {
    Status.ACTION: _l("Action needed"),
    Status.OVERDUE: _l("Overdue, nothing to do yet"),
    Status.NONE: _l("Nothing overdue"),
}
_REMINDERS: Mapping[Code, LazyString] = {
    Code.UNDELIVERED: _l("to decide"),
    Code.PROMISE_BROKEN: _l("broken %(day)s"),
    Code.TASK: _l("task %(day)s"),
    Code.MANUAL: _l("Manual %(day)s"),
    Code.STARTED: _l("begun"),
    Code.MANUAL_AHEAD: _l("Manual %(day)s"),
}
_GAPS: Mapping[Gap, LazyString] = {
    Gap.ADDRESS: _l("no postal address"),
    Gap.BANK: _l("no bank account to pay to"),
    Gap.SENDER: _l("no e-mail address to send from"),
}
_CONTACTS: Mapping[str, LazyString] = {
    "email": _l("E-mail"),
    "letter": _l("Letter"),
    "call": _l("Call"),
    "todo": _l("To-do"),
}


def why(outlook: Outlook, *, levels: Sequence[str], today: date, undelivered: Sequence[Progress] = ()) -> str:
    """Why the customer is on the list today or not, as a sentence; `levels`: the names of its plan's levels in order.

    `undelivered`: the messages that wait for a decision, if they are known.
    """
    now = outlook.now
    if now.code is Code.UNDELIVERED and undelivered:
        return _undelivered(undelivered[0])
    words = (_HERE if outlook.listed else _NOT_HERE)[now.code]
    if now.code is Code.LEFT_IN_PEACE and now.on == outlook.deadline_on:
        words = _UNTIL_DEADLINE
    return str(words) % _values(now, levels, today)


def what_next(outlook: Outlook, *, levels: Sequence[str], today: date) -> str:
    """When it will be on the list next and why, as a sentence: after a Done today, or by itself."""
    if outlook.next is None or outlook.next_on is None:
        if outlook.listed:
            return str(_("After Done: it does not come back by itself."))
        return str(_NEVER.get(outlook.now.code, _l("It does not come up by itself.")))
    values = _values(outlook.next, levels, today) | {"day": day_words(outlook.next_on, today=today)}
    because = _BECAUSE.get(outlook.next.code, "%(day)s")
    if outlook.rest is not None and outlook.next.code is Code.LEVEL:
        because = _RESTED[outlook.rest]
    when = str(because) % values
    words = _l("After Done: back on %(when)s.") if outlook.listed else _l("Next on %(when)s.")
    return str(words) % {"when": when}


def _undelivered(message: Progress) -> str:
    return str(_UNCERTAIN if message.state is State.UNCERTAIN else _FAILED)


def band_name(band: Band) -> str:
    """The heading of a band."""
    return str(_BANDS[band])


def status_name(status: Status) -> str:
    """Where a customer stands."""
    return str(_STATUSES[status])


def reason_name(code: Code) -> str:
    """A reason to be on the list in two words; empty for the other codes."""
    return band_name(Band[code.name]) if code.name in Band.__members__ else ""


def contact_name(kind: str) -> str:
    """A kind of contact, such as "email"; one that has no words of its own as it is."""
    return str(_CONTACTS.get(kind, kind.capitalize()))


def gaps(missing: Sequence[Gap], unpayable: Sequence[str] = ()) -> str:
    """What the company's letters and e-mails lack, as a sentence; empty when nothing is missing.

    `unpayable`: currencies that are asked for and have no bank account.
    """
    lacks = [str(_GAPS[gap]) for gap in missing]
    if unpayable:
        lacks.append(_("no bank account for %(currencies)s", currencies=", ".join(unpayable)))
    if not lacks:
        return ""
    words: str = _("Before the first letter goes out: your company has %(what)s yet.", what=", ".join(lacks))
    return words


def reminder(code: Code, *, on: date | None, next_on: date | None, today: date) -> str:
    """When the customer is next on the list, for a narrow column: `today`, `broken 20 Nov`, `Manual 5 Dec`; a dash for never.

    `on`: the day that the reason is about; `next_on`: the next day on the list of a customer that is not on it.
    """
    if code.name not in Band.__members__:
        words = _REMINDERS.get(code, "%(day)s")
        return str(words) % {"day": short_day(next_on, today=today)} if next_on else "–"
    return str(_REMINDERS.get(code, _l("today"))) % {"day": short_day(on, today=today) if on else ""}


def short_day(day: date, *, today: date) -> str:
    """`6 Dec`; with its year where that is not today's."""
    locale = get_locale()
    if day.year != today.year:
        return format_date(day, "medium", locale=locale)
    return format_skeleton("MMMd", datetime.combine(day, time()), locale=locale)


def day_words(day: date, *, today: date) -> str:
    """`6 December`, as the page's language writes it; with its year where that is not today's."""
    locale = get_locale()
    if day.year != today.year:
        return format_date(day, "long", locale=locale)
    return format_skeleton("MMMMd", datetime.combine(day, time()), locale=locale)


def _values(explanation: Explanation, levels: Sequence[str], today: date) -> dict[str, str]:
    on, step = explanation.on, explanation.step
    day = day_words(on, today=today) if on else ""
    return {
        "day": day,
        "on": _("today") if on == today else _("on %(day)s", day=day),
        "until": _("until %(day)s", day=day) if on else _("until somebody ends it"),
        "invoice": _invoice(step) if step else "",
        "level": levels[step.to] if step else "",
        "age": _age(step, today) if step else "",
    }


def _invoice(step: Step) -> str:
    item = step.chased.item
    words = (
        _l("invoice %(number)s")
        if item.instalment == 1
        else _l("invoice %(number)s, instalment %(instalment)s,")
    )
    return str(words) % {"number": item.invoice, "instalment": item.instalment}


def _age(step: Step, today: date) -> str:
    days = (today - step.chased.item.due_date).days
    if days > 0:
        return str(ngettext("%(num)s day after due", "%(num)s days after due", days))
    if days < 0:
        return str(ngettext("%(num)s day before due", "%(num)s days before due", -days))
    return str(_("due today"))
