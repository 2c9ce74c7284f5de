"""What entries of the chatter about somebody in a workflow say to a reader, by their facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from arfollow.workflows.rules.definition import Kind
from arfollow.workflows.rules.entries import entered, left
from arfollow.workflows.words.kinds import LOOKS

Facts = Mapping[str, Any]


def _skipped(facts: Facts) -> str:
    return str(_("Skips “%(step)s”, in “%(name)s”: %(reason)s", step=_step(facts), **_of(facts)))


def _moved(facts: Facts) -> str:
    if "version" in facts:
        number = facts["version"]
        return str(_("Goes on in version %(number)s, in “%(name)s”: %(reason)s", number=number, **_of(facts)))
    return str(_("Is moved to “%(step)s”, in “%(name)s”: %(reason)s", step=_step(facts), **_of(facts)))


def _restarted(facts: Facts) -> str:
    return str(_("Begins anew, in “%(name)s”: %(reason)s", **_of(facts)))


def _of(facts: Facts) -> Mapping[str, Any]:
    return {"name": facts["name"], "reason": facts["reason"]}


def _step(facts: Facts) -> str:
    """What the step is called, else what it does."""
    return facts["called"] or str(LOOKS[Kind(facts["kind"])].name)


def _if_named(words: Callable[[Facts], str]) -> Callable[[Facts], str]:
    """Nothing of entries that do not name the workflow: of a whole workflow, and those before names were kept."""
    return lambda facts: words(facts) if "name" in facts and "reason" in facts else ""


SAID: Mapping[str, Callable[[Facts], str]] = {
    "workflow:entered": entered,
    "workflow:left": left,
    "workflow:moved": _if_named(_moved),
    "workflow:restarted": _if_named(_restarted),
    "workflow:skipped": _if_named(_skipped),
}
"""By tag; `app.py` registers them."""
