"""Words of a run in the page's language."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from arfollow.followup.runs.preflight import Preflight
from arfollow.followup.runs.rules import TASK, RowState, RunState, Why

_WHY: Mapping[Why, LazyString] = {
    Why.UNDELIVERED: _l("with an undelivered message"),
    Why.WRITTEN: _l("already written to"),
    Why.OPENED: _l("open at a colleague's"),
    Why.HELD: _l("on hold"),
    Why.NOT_LISTED: _l("not on the list any more"),
    Why.COVERED: _l("covered by unapplied credit"),
    Why.NO_ADDRESS: _l("without address"),
    Why.NO_SENDER: _l("without an address of ours to send from"),
    Why.NOTHING_TO_CLAIM: _l("with nothing to claim"),
    Why.BY_HAND: _l("only with something to do by hand"),
    Why.UNDECIDED: _l("for a person to decide"),
    Why.NOTHING_LEFT: _l("with nothing left to send"),
    Why.CHANGED: _l("changed since the preflight"),
    Why.CANCELLED: _l("stopped before their turn"),
    Why.WORDING: _l("with words that cannot be used"),
    Why.BROKEN: _l("went wrong on our side"),
}
_ADVICE: Mapping[Why, LazyString] = {
    Why.UNDELIVERED: _l("Decide under Deliveries what happens next."),
    Why.WRITTEN: _l("A letter or e-mail went to them today, or is still on its way."),
    Why.OPENED: _l("Somebody else has their page open right now."),
    Why.HELD: _l("Nothing is chased until the hold ends."),
    Why.NOT_LISTED: _l("Paid, put off or done meanwhile."),
    Why.COVERED: _l("Apply the credit to what is open."),
    Why.NO_ADDRESS: _l("Add an e-mail or postal address, or call."),
    Why.NO_SENDER: _l("An administrator enters your company's e-mail address under Settings."),
    Why.NOTHING_TO_CLAIM: _l("What is overdue is on hold, disputed, promised or covered."),
    Why.BY_HAND: _l("A to-do, a task, or a message that was taken back."),
    Why.UNDECIDED: _l("No level is due: a broken promise, a Manual reminder or a review."),
}
_KINDS: Mapping[str, LazyString] = {
    "email": _l("E-mail without an address to send to"),
    "letter": _l("Letter without a postal address"),
    "todo": _l("To-do of the level"),
    TASK: _l("Task that is due"),
}
_RUN_STATES: Mapping[RunState, tuple[LazyString, str, str]] = {
    RunState.PREPARED: (_l("not started"), "neutral", "hourglass-split"),
    RunState.RUNNING: (_l("under way"), "accent", "play-circle"),
    RunState.FINISHED: (_l("finished"), "success", "check2"),
    RunState.CANCELLED: (_l("stopped"), "warning", "x-circle"),
}
_WAITS = (_l("waits: nothing is sent"), "warning", "pause-circle")
_ROW_STATES: Mapping[RowState, tuple[LazyString, str, str]] = {
    RowState.WAITING: (_l("waiting"), "neutral", "hourglass-split"),
    RowState.DONE: (_l("worked"), "success", "check2"),
    RowState.SKIPPED: (_l("left out"), "warning", "skip-forward"),
    RowState.FAILED: (_l("failed"), "danger", "exclamation-circle"),
}


def why_words(why: Why) -> str:
    """Why a customer gets nothing, in a few words."""
    return str(_WHY[why])


def advice(why: Why) -> str:
    """What can be done about it, as a sentence; may be empty."""
    return str(_ADVICE.get(why, ""))


def kind_words(kind: str, *, has_sender: bool = True) -> str:
    """What stays for a person. Without an address of our own to send from, that is what every e-mail lacks."""
    if kind == "email" and not has_sender:
        return str(_("E-mail without an address of ours to send from"))
    return str(_KINDS.get(kind, kind))


def run_state(state: RunState, *, is_stopped: bool = False) -> tuple[str, str, str]:
    """What `components/state.html` shows for a run. `is_stopped`: nothing is sent, and what is under way only waits."""
    words, kind, icon = _WAITS if is_stopped and state is RunState.RUNNING else _RUN_STATES[state]
    return str(words), kind, icon


def row_state(state: RowState) -> tuple[str, str, str]:
    """What `components/state.html` shows for a customer of a run."""
    words, kind, icon = _ROW_STATES[state]
    return str(words), kind, icon


def messages(emails: int, letters: int) -> str:
    """`37 e-mails, 4 letters`; without those of which there are none."""
    return ", ".join(
        part
        for count, part in (
            (emails, ngettext("%(num)s e-mail", "%(num)s e-mails", emails)),
            (letters, ngettext("%(num)s letter", "%(num)s letters", letters)),
        )
        if count
    )


def headline(found: Preflight) -> str:
    """All of a preflight in a line: `37 e-mails, 4 letters, 3 without address, 2 covered by unapplied credit`."""
    parts = [messages(found.emails, found.letters) or _("Nothing to send")]
    if found.only_closing:
        parts.append(_("%(num)s only to be marked Done", num=found.only_closing))
    parts += [f"{count} {why_words(why)}" for why, count in found.nothing.items()]
    return ", ".join(parts)
