"""What an example is called and says of itself: English in its file, the other languages in the catalogues."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, TypeAlias

from arfollow.workflows.file import read_workflow
from arfollow.workflows.rules.acting import ACTING
from arfollow.workflows.rules.conditions import All, Condition, Not, Some, Test
from arfollow.workflows.rules.definition import Branch, Definition, Settings, Step
from arfollow.workflows.rules.settings import Setting, Type
from arfollow.workflows.rules.triggers import TRIGGERS

CONTEXT = "workflow"
"""Of these texts in the catalogues: “Reminder” is a message here, and a date of a customer elsewhere."""

Say: TypeAlias = Callable[[str], str]


def in_words(definition: Definition, say: Say, *, named: Say | None = None) -> Definition:
    """The workflow with its name, description, steps and paths as `say` has them; keys, lists, fields and events stay.

    `named`: what another workflow that it refers to is called; left out: as `say` has it, too.
    """
    return _Words(say, named or say).of(definition)


def texts(
    file: IO[bytes], _keywords: object, _tags: object, **_options: object
) -> Iterator[tuple[int, str, Sequence[str], Sequence[str]]]:
    """The texts of an example's file for the catalogues, as Babel asks for them."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    in_words(read_workflow(file.read().decode("utf-8")), note)
    yield from ((1, "pgettext", (CONTEXT, text), ()) for text in found)


@dataclass(frozen=True, slots=True)
class _Words:
    say: Say
    named: Say

    def of(self, definition: Definition) -> Definition:
        trigger = definition.trigger
        return replace(
            definition,
            name=self.say(definition.name),
            about=self.say(definition.about),
            trigger=replace(trigger, settings=self._settings(trigger.settings, TRIGGERS[trigger.kind])),
            only=self._condition(definition.only),
            goal=self._condition(definition.goal),
            route=self._route(definition.route),
            whenever=tuple(
                replace(each, condition=self._condition(each.condition), route=self._route(each.route))
                for each in definition.whenever
            ),
        )

    def _route(self, route: Sequence[Step]) -> tuple[Step, ...]:
        return tuple(
            replace(
                step,
                name=self.say(step.name),
                settings=self._settings(step.settings, ACTING.get(step.kind, ())),
                branches=tuple(self._branch(branch) for branch in step.branches),
            )
            for step in route
        )

    def _branch(self, branch: Branch) -> Branch:
        return replace(
            branch,
            label=self.say(branch.label),
            condition=self._condition(branch.condition),
            route=self._route(branch.route),
        )

    def _settings(self, settings: Settings, known: Sequence[Setting]) -> Settings:
        # A person of an example is nobody's address yet: it says whom the manager has to name.
        speaking: Mapping[Type, Say] = {Type.WORKFLOW: self.named, Type.PERSON: self.say}
        said = {each.name: speaking[each.type] for each in known if each.type in speaking}
        return {name: said[name](value) if name in said else value for name, value in settings.items()}

    def _condition(self, condition: Condition | None) -> Condition | None:
        match condition:
            case Test(fact="workflows", value=str() as name):
                return replace(condition, value=self.named(name))
            case All(parts=parts):
                return All(parts=tuple(self._part(part) for part in parts))
            case Some(parts=parts):
                return Some(parts=tuple(self._part(part) for part in parts))
            case Not(part=part):
                return Not(part=self._part(part))
            case _:
                return condition

    def _part(self, condition: Condition) -> Condition:
        return self._condition(condition) or condition
