"""What changed between two versions, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from arfollow.workflows.rules.comparing import Comparison, StepChange, What
from arfollow.workflows.rules.definition import Definition, Step
from arfollow.workflows.rules.settings import label
from arfollow.workflows.variables import words_of
from arfollow.workflows.words.conditions import condition_words
from arfollow.workflows.words.names import choice_name
from arfollow.workflows.words.sentences import again_words, step_name, step_words, trigger_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """A thing that changed: what it is about, what became of it, and how it was before and is after; empty: nothing to show."""

    about: str
    what: str
    kind: str
    details: Sequence[tuple[str, str, str]] = ()


def told(
    found: Comparison, before: Definition, after: Definition, *, currency: str, language: str
) -> Sequence[ChangeView]:
    """All of it: the workflow itself, then its steps."""
    return [
        *(_own(name, before, after, currency) for name in found.own),
        *(_step(each, before, after, language) for each in found.steps),
    ]


def _own(name: str, before: Definition, after: Definition, currency: str) -> ChangeView:
    names = {
        "name": _("Name"),
        "about": _("Description"),
        "trigger": _("What enrols a customer"),
        "only": _("Only these customers"),
        "goal": _("Goal"),
        "again_after_days": _("Entering again"),
        "values": _("Values"),
        "whenever": _("Whenever something happens"),
    }
    old, new = (_own_words(name, each, currency) for each in (before, after))
    return ChangeView(
        about=str(names[name]), what=str(_("changed")), kind="changed", details=[("", old, new)]
    )


def _own_words(name: str, definition: Definition, currency: str) -> str:
    match name:
        case "trigger":
            return trigger_words(definition.trigger)
        case "only" | "goal":
            return condition_words(getattr(definition, name), currency) or "–"
        case "again_after_days":
            return again_words(definition)
        case "values":
            return ", ".join(f"{key}: {text}" for key, text in definition.values.items()) or "–"
        case "whenever":
            return ", ".join(each.event for each in definition.whenever) or "–"
    return str(getattr(definition, name)) or "–"


def _step(change: StepChange, before: Definition, after: Definition, language: str) -> ChangeView:
    step = change.after or change.before
    words: Mapping[What, str] = {
        What.ADDED: _("added"),
        What.REMOVED: _("removed"),
        What.CHANGED: _("changed"),
        What.MOVED: _("moved"),
    }
    return ChangeView(
        about=step_name(step) if step else "",
        what=str(words[change.what]),
        kind=change.what.value,
        details=list(_details(change, before, after, language)),
    )


def _details(
    change: StepChange, before: Definition, after: Definition, language: str
) -> Iterator[tuple[str, str, str]]:
    old, new = change.before, change.after
    if change.what is not What.CHANGED or old is None or new is None:
        return
    if step_name(old) != step_name(new):
        yield str(_("Name")), step_name(old), step_name(new)
    says_more = bool(old.settings.get("words") or new.settings.get("words"))
    if not says_more and (said := _words(old, before, language)) != (says := _words(new, after, language)):
        yield "", said, says
    for name in change.settings if says_more else ():
        if name != "words":
            yield str(_(label(name))), _choice(old, name), _choice(new, name)
    earlier = {(lang, part): text for lang, part, text in words_of(old)}
    later = {(lang, part): text for lang, part, text in words_of(new)}
    for key in dict.fromkeys((*earlier, *later)):
        if earlier.get(key) != later.get(key):
            yield f"{_(label(key[1]))} ({key[0]})", earlier.get(key, "–"), later.get(key, "–")
    if change.paths:
        yield str(_("Paths")), _paths(old), _paths(new)


def _words(step: Step, definition: Definition, language: str) -> str:
    names = {each.key: step_name(each) for each in definition.steps()}
    return step_words(step, names, language)


def _choice(step: Step, name: str) -> str:
    value = step.settings.get(name)
    return "–" if value is None else choice_name(name, str(value))


def _paths(step: Step) -> str:
    return ", ".join(branch.label or branch.outcome for branch in step.branches)
