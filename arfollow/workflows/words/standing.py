"""Where somebody stands in a workflow, and what became of its steps, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from arfollow.workflows.rules.definition import TIMED_OUT, Step
from arfollow.workflows.rules.facts import is_known
from arfollow.workflows.rules.turns import CHOSEN_BY, NOT_SENT
from arfollow.workflows.words.conditions import value_words
from arfollow.workflows.words.names import event_name, fact_name
from arfollow.workflows.words.sentences import branch_words

_RESULTS: Mapping[str, tuple[LazyString, str, str]] = {
    "done": (_l("done"), "success", "check2"),
    "skipped": (_l("skipped"), "neutral", "skip-forward"),
    "failed": (_l("failed"), "danger", "exclamation-circle"),
}
_REASONS: Mapping[str, LazyString] = {
    "end": _l("came to the end"),
    "goal": _l("reached the goal"),
    "removed": _l("was taken out"),
    "retired": _l("the workflow was retired"),
    "erased": _l("the customer was erased"),
}
_STATES: Mapping[str, tuple[LazyString, str, str]] = {
    "draft": (_l("draft"), "neutral", "pencil"),
    "running": (_l("running"), "success", "play-circle"),
    "paused": (_l("paused"), "warning", "pause-circle"),
    "retired": (_l("retired"), "neutral", "archive"),
}


def result_state(result: str) -> tuple[str, str, str]:
    """What became of a step: words, kind and icon of a state."""
    words, kind, icon = _RESULTS[result]
    return str(words), kind, icon


def workflow_state(state: str) -> tuple[str, str, str]:
    """A workflow's state: words, kind and icon."""
    words, kind, icon = _STATES[state]
    return str(words), kind, icon


def left_words(reason: str) -> str:
    """Why somebody is in the workflow no longer."""
    return str(_REASONS.get(reason) or reason)


def way_words(step: Step | None, outcome: str, currency: str) -> str:
    """The way that was taken at a step."""
    branch = next((each for each in step.branches if each.outcome == outcome), None) if step else None
    if step is not None and branch is not None:
        return branch_words(step, branch, currency)
    return str(_("nothing came")) if outcome == TIMED_OUT else event_name(outcome)


def known_words(name: str, value: Any, currency: str) -> str:
    """`overdue money: EUR 620.50`: a fact with what it was."""
    if name == NOT_SENT:
        return str(_("was not sent: %(text)s", text=", ".join(map(str, value))))
    return str(_("%(label)s: %(text)s", label=_label(name), text=told_words(name, value, currency)))


def _label(name: str) -> str:
    if name == CHOSEN_BY:
        return str(_("chosen by"))
    return fact_name(name) if is_known(name) else name.replace("_", " ")


def told_words(name: str, value: Any, currency: str) -> str:
    """What a fact is, as a reader writes it; facts that were kept as JSON, too."""
    if value is None or value in ("", [], ()):
        return str(_("not known"))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, str):
        return _day_or_text(name, value, currency)
    return value_words(name, value, currency)


def _day_or_text(name: str, value: str, currency: str) -> str:
    try:
        return value_words(name, date.fromisoformat(value), currency)
    except ValueError:
        return value
