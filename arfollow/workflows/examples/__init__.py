"""The workflows and surveys that come along: files to publish as they are, or to begin from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from arfollow.workflows.examples.words import Say, in_words
from arfollow.workflows.file import read_workflow
from arfollow.workflows.rules.definition import Definition, Kind
from arfollow.workflows.rules.surveys import Survey
from arfollow.workflows.survey_file import read_survey

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A workflow that comes along. `name`: that of its file, without the number; `text`: the file."""

    number: int
    name: str
    text: str
    definition: Definition

    @property
    def surveys(self) -> tuple[str, ...]:
        """The keys of the surveys that it asks."""
        asked = (step for step in self.definition.steps() if step.kind is Kind.SURVEY)
        return tuple(dict.fromkeys(str(step.settings["survey"]) for step in asked))

    def in_words(self, say: Say, *, named: Say | None = None) -> Example:
        """The same one, as its reader calls things; its name and its file stay."""
        return replace(self, definition=in_words(self.definition, say, named=named))


@cache
def examples() -> tuple[Example, ...]:
    """All workflows that come along, by number."""
    return tuple(_example(path) for path in sorted(_FOLDER.glob("*.toml")))


@cache
def surveys() -> Mapping[str, Survey]:
    """The surveys that they ask, by key."""
    found = (read_survey(path.read_text("utf-8")) for path in sorted((_FOLDER / "surveys").glob("*.toml")))
    return {survey.key: survey for survey in found}


def example(name: str) -> Example:
    """The example of that name; raise KeyError."""
    return {each.name: each for each in examples()}[name]


def _example(path: Path) -> Example:
    number, _, name = path.stem.partition("-")
    text = path.read_text("utf-8")
    return Example(number=int(number), name=name, text=text, definition=read_workflow(text))
