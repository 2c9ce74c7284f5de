"""What a backup says about itself: its manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

FORMAT = 1


class NotABackupError(ValueError):
    """The file is no backup of arfollow, or was cut off."""

    def __init__(self) -> None:
        super().__init__("This is no backup of arfollow, or it is damaged: it can't be read to its end.")


class OtherFormatError(ValueError):
    """The backup was made by a later version of arfollow."""

    def __init__(self) -> None:
        super().__init__("This backup was made by a later version of arfollow. Install that version first.")


class DamagedBackupError(ValueError):
    """A part of the backup is not what was written."""

    def __init__(self, part: str) -> None:
        super().__init__(f"The backup is damaged: {part} is not what was written. Nothing was restored.")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A table or file of the archive. `count`: its rows, or its bytes; `sha256`: of what was written, uncompressed."""

    count: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Head:
    """The last entry of a chain of the chatter."""

    company_id: int
    chain: str
    sequence: int
    hash: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """`revision`: the schema's, as migrations number it. `columns`: of each table, in the order of a row's values."""

    made_at: datetime
    revision: str
    columns: Mapping[str, Sequence[str]]
    tables: Mapping[str, Part]
    files: Mapping[str, Part]
    heads: Sequence[Head]

    @property
    def rows(self) -> int:
        """How many rows all tables have."""
        return sum(part.count for part in self.tables.values())


def dump(manifest: Manifest) -> str:
    """The manifest as JSON that people can read."""
    content = {"format": FORMAT, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    return json.dumps(content, indent=1, ensure_ascii=False)


def parse(text: bytes) -> Manifest:
    """The manifest; raise NotABackupError or OtherFormatError."""
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise OtherFormatError
        return Manifest(
            made_at=datetime.fromisoformat(content["made_at"]),
            revision=content["revision"],
            columns=content["columns"],
            tables={name: Part(**part) for name, part in content["tables"].items()},
            files={name: Part(**part) for name, part in content["files"].items()},
            heads=[Head(**head) for head in content["heads"]],
        )
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError, UnicodeDecodeError):
        raise NotABackupError from None
