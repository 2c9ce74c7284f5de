"""Whether two tables hold the same rows, in whatever order their engines give them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

_MODULUS = 2**256


@dataclass
class Fingerprint:
    """A sum over rows of JSON values: equal for equal rows, each as often, in any order."""

    rows: int = 0
    total: int = field(default=0, repr=False)

    def add(self, row: Sequence[Any]) -> None:
        """One row more."""
        line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
        self.rows += 1
        self.total = (self.total + int.from_bytes(sha256(line).digest())) % _MODULUS


def noting(rows: Iterable[list[Any]], fingerprint: Fingerprint) -> Iterator[list[Any]]:
    """The rows, each added to the fingerprint as it passes."""
    for row in rows:
        fingerprint.add(row)
        yield row
