"""The words of a step, put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from arfollow.levels.wording import Value, paragraphs
from arfollow.workflows.rules.definition import Settings
from arfollow.workflows.variables import language_spoken, render, variables_of

_ADDRESS = re.compile(r"https://[^\s{}<>\"']+")
_LINE = frozenset({"subject", "title"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a step says in one language, values not put in yet. `parts`: subject, title, text."""

    language: str
    parts: Mapping[str, str]

    @property
    def names(self) -> frozenset[str]:
        """The variables that it uses; raise WordingError."""
        return frozenset().union(*(variables_of(text) for text in self.parts.values()))

    @property
    def addresses(self) -> Iterator[str]:
        """The addresses that were written into it."""
        for text in self.parts.values():
            yield from (found.rstrip(".,;:!?)") for found in _ADDRESS.findall(text))

    def put_in(self, values: Mapping[str, Value]) -> Written:
        """The words with these values, of which addresses are links; raise WordingError."""
        said = {part: render(text, values) for part, text in self.parts.items()}
        known = {str(value) for name, value in values.items() if _may_link(name) and _is_address(str(value))}
        return Written(
            subject=" ".join(said.get("subject", said.get("title", "")).split()),
            text=said.get("text", "").strip(),
            links=tuple(sorted({*self.addresses, *known})),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a message says. `subject`: of a letter or task its title; `links`: the addresses in it."""

    subject: str
    text: str
    links: tuple[str, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text, where blank lines divide it."""
        return paragraphs(self.text)


def _may_link(name: str) -> bool:
    """What customers call themselves becomes no link."""
    return name.endswith(("_link", "_page")) or name.startswith(("value.", "event.", "field."))


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://", "tel:")) and len(text.split()) == 1


def template(settings: Settings, language: str) -> Template:
    """The step's words for a reader of the language, as `variables.spoken` chooses them."""
    chosen = language_spoken(settings, language)
    words: Mapping[str, Mapping[str, str]] = settings.get("words", {})
    return Template(language=chosen, parts=words.get(chosen, {}))
