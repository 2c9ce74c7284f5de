"""What is wrong with files: collected, so that every problem is named at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_LONGEST = 400
"""Characters of a message: a cell of a megabyte would hide all the others."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a file; lines count from 1, as an editor shows them."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a field of a row; without a line it is about the file as a whole."""

    file: str
    line: int | None = None
    field: str = ""
    message: str

    def __str__(self) -> str:
        """`invoices.csv, row 12, amount: …`."""
        where = [self.file, *([f"row {self.line}"] if self.line else []), *filter(None, [self.field])]
        return f"{', '.join(where)}: {_shortened(self.message)}"


class ImportRefusedError(ValueError):
    """Nothing was imported, because of these problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(slots=True)
class Problems:
    """The problems found so far; `files` are the names of the files in their order."""

    files: Sequence[str] = ()
    _found: list[Problem] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def copy(self) -> Problems:
        """The same problems, to which others can be added."""
        return Problems(self.files, [*self._found])

    def about(self, place: Place, field_name: str, message: str) -> None:
        """Note what is wrong with a field of a row."""
        self._found.append(Problem(file=place.file, line=place.line, field=field_name, message=message))

    def about_file(self, file: str, message: str) -> None:
        """Note what is wrong with a whole file."""
        self._found.append(Problem(file=file, message=message))

    def refuse(self) -> None:
        """Raise ImportRefusedError if there are any: each once, in the order of the files and their rows."""
        if self._found:
            order = {file: index for index, file in enumerate(self.files)}
            found = dict.fromkeys(self._found)
            raise ImportRefusedError(sorted(found, key=lambda each: (order[each.file], each.line or 0)))


def _shortened(message: str) -> str:
    """The message without the middle of what it quotes at length: how it ends says what is wrong."""
    half = _LONGEST // 2
    return message if len(message) <= _LONGEST else f"{message[:half]} … {message[-half:]}"
