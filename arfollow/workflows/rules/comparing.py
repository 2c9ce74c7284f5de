"""What changed between two versions of a workflow, step by step: steps are known by their keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from arfollow.workflows.rules.definition import Definition, Step
from arfollow.workflows.rules.editing import lanes, where


class What(StrEnum):
    """What became of a step or of the workflow itself."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChange:
    """A step that differs. `settings`: the names of those that do; `paths`: whether its paths are others."""

    what: What
    before: Step | None
    after: Step | None
    settings: tuple[str, ...] = ()
    paths: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that differs. `own`: what of the workflow itself does: name, about, trigger, only, goal, again_after_days, values, whenever."""

    own: tuple[str, ...]
    steps: tuple[StepChange, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not self.own and not self.steps


_OWN = ("name", "about", "trigger", "only", "goal", "again_after_days", "values")


def compare(before: Definition, after: Definition) -> Comparison:
    """What differs, in the order of the later route; steps that are gone come last."""
    own = [name for name in _OWN if getattr(before, name) != getattr(after, name)]
    if [(each.event, each.condition) for each in before.whenever] != [
        (each.event, each.condition) for each in after.whenever
    ]:
        own.append("whenever")
    return Comparison(own=tuple(own), steps=tuple(_steps(before, after)))


def _steps(before: Definition, after: Definition) -> Iterator[StepChange]:
    old = {step.key: step for step in before.steps()}
    new = {step.key: step for step in after.steps()}
    for key, step in new.items():
        if key not in old:
            yield StepChange(what=What.ADDED, before=None, after=step)
        elif _bare(old[key]) != _bare(step):
            yield _changed(old[key], step)
        elif _follows(before, key, new) != _follows(after, key, old):
            yield StepChange(what=What.MOVED, before=old[key], after=step)
    for key, step in old.items():
        if key not in new:
            yield StepChange(what=What.REMOVED, before=step, after=None)


def _changed(old: Step, new: Step) -> StepChange:
    names = dict.fromkeys((*old.settings, *new.settings))
    return StepChange(
        what=What.CHANGED,
        before=old,
        after=new,
        settings=tuple(name for name in names if old.settings.get(name) != new.settings.get(name)),
        paths=_paths(old) != _paths(new),
    )


def _bare(step: Step) -> Step:
    """The step without what lies on its paths."""
    return replace(step, branches=tuple(replace(branch, route=()) for branch in step.branches))


def _paths(step: Step) -> list[Any]:
    return [(branch.outcome, branch.label, branch.condition) for branch in step.branches]


def _follows(definition: Definition, key: str, also: dict[str, Step]) -> tuple[str, str]:
    """Its lane, and the step before it there that the other version has as well."""
    place = where(definition, key)
    earlier = [step.key for step in lanes(definition)[place.lane][: place.at] if step.key in also]
    return place.lane, earlier[-1] if earlier else ""
