"""What a definition says that can be published, and yet is unlikely to be meant: people and lists that there are not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from arfollow.values.refusals import N_, Remark
from arfollow.workflows.rules.checking import Problem
from arfollow.workflows.rules.conditions import All, Condition, Not, Some, Test
from arfollow.workflows.rules.definition import Definition, Kind
from arfollow.workflows.rules.settings import is_mail_address

NO_ADDRESS = N_("“%(person)s” is no e-mail address: the to-do would be nobody's in particular.")
NO_LIST = N_("There is no list “%(list)s” yet.")


def doubts(definition: Definition, *, lists: Collection[str]) -> Sequence[Problem]:
    """All of it, each once. `lists`: names of the company's lists."""
    return list(dict.fromkeys((*_people(definition), *_lists(definition, lists))))


def _people(definition: Definition) -> Iterator[Problem]:
    for step in definition.steps():
        person = str(step.settings.get("person") or "").strip()
        named = step.kind is Kind.ACTIVITY and step.settings.get("who") == "person" and person
        if named and not is_mail_address(person):
            yield Problem(step=step.key, words=Remark(NO_ADDRESS, person=person))


def _lists(definition: Definition, lists: Collection[str]) -> Iterator[Problem]:
    known = {name.casefold() for name in lists}
    named = [
        str(definition.trigger.settings.get("list") or ""),
        *_asked(definition.only),
        *_asked(definition.goal),
    ]
    for name in named:
        if name and name.casefold() not in known:
            yield Problem(step="", words=Remark(NO_LIST, list=name))


def _asked(condition: Condition | None) -> Iterator[str]:
    match condition:
        case All(parts=parts) | Some(parts=parts):
            for part in parts:
                yield from _asked(part)
        case Not(part=part):
            yield from _asked(part)
        case Test(fact="lists", value=str(name)):
            yield name
