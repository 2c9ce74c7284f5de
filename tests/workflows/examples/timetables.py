"""The timelines of the examples as docs/workflows.md shows them: `python -m tests.workflows.examples.timetables` writes them anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from arfollow.workflows.examples import Example, examples
from arfollow.workflows.rules.definition import Kind, Step
from arfollow.workflows.rules.timeline import Row, timeline

PAGE = Path(__file__).resolve().parents[3] / "docs" / "workflows.md"
_FOLDER = "../arfollow/workflows/examples"
_BEGIN, _END = "<!-- timelines: written by tests/workflows/examples/timetables.py -->\n", "<!-- end -->\n"
_KINDS = {
    Kind.EMAIL: "e-mail",
    Kind.SMS: "text message",
    Kind.LETTER: "letter",
    Kind.SURVEY: "survey",
    Kind.NOTIFY: "notice to a colleague",
    Kind.ACTIVITY: "to-do",
    Kind.ADD_TO_LIST: "put on a list",
    Kind.SET_FIELD: "field changed",
    Kind.GO_TO: "goes on there",
    Kind.RESTART: "begins again",
    Kind.END: "ends",
}


def file_of(example: Example) -> str:
    """Where its file is, as the page links to it."""
    return f"{_FOLDER}/{example.number:02}-{example.name}.toml"


def timetables() -> str:
    """All examples: a heading, the link to the file, and a row for each step that does something."""
    return "\n".join(_timetable(each) for each in examples())


def shown(page: str) -> str:
    """The part of the page that shows them."""
    return page.partition(_BEGIN)[2].partition(_END)[0]


def written_anew(page: str) -> str:
    """The page with the examples as they are."""
    before, begin, rest = page.partition(_BEGIN)
    return f"{before}{begin}{timetables()}{_END}{rest.partition(_END)[2]}"


def _timetable(example: Example) -> str:
    rows = [*map(_row(example), timeline(example.definition)), *_beside(example)]
    return "\n".join(
        (
            f"### {example.number}. {example.definition.name}",
            f"[{example.number:02}-{example.name}.toml]({file_of(example)})\n",
            "| day | days between | what happens |",
            "| --: | --: | --- |",
            *(f"| {day} | {between} | {words} |" for day, between, words in rows),
            "",
        )
    )


def _row(example: Example) -> Callable[[Row], tuple[str, str, str]]:
    def told(row: Row) -> tuple[str, str, str]:
        day = "–" if row.day is None else f"{'≈ ' if row.is_about else ''}{row.day}"
        between = "" if row.between is None else str(row.between)
        return day, between, f"{_path(row.path)}{_linked(example, row.step)}"

    return told


def _beside(example: Example) -> Iterator[tuple[str, str, str]]:
    """What an event starts beside the route, at any time."""
    for each in example.definition.whenever:
        begun = f"Whenever *{each.event.replace('_', ' ')}*"
        for row in timeline(replace(example.definition, route=each.route)):
            yield (
                f"any{f' + {row.day}' if row.day else ''}",
                "",
                f"{_path((begun, *row.path))}{_linked(example, row.step)}",
            )


def _path(labels: Sequence[str]) -> str:
    return "".join(f"{label} › " for label in labels)


def _linked(example: Example, step: Step) -> str:
    """The step, with the lines of the file in which its words and settings are."""
    line = example.text[: example.text.index(f'key = "{step.key}"')].count("\n") + 1
    return f"[{step.name or step.key}]({file_of(example)}#L{line}) ({_KINDS[step.kind]})"


if __name__ == "__main__":
    PAGE.write_text(written_anew(PAGE.read_text("utf-8")), "utf-8")
