"""Reading a backup: what it says about itself, and its parts, each held against its sum."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from arfollow.backups.rules import DamagedBackupError, Manifest, NotABackupError, parse

MANIFEST = "manifest.json"
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, json.JSONDecodeError, UnicodeDecodeError)


class Archive:
    """An open backup."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        try:
            self.manifest: Manifest = parse(file.read(MANIFEST))
        except (KeyError, *_DAMAGE):
            raise NotABackupError from None

    def rows(self, table: str) -> Iterator[list[Any]]:
        """The table's rows; after the last one raise DamagedBackupError if they are not what was written."""
        part, digest, count = self.manifest.tables[table], sha256(), 0
        try:
            with self._file.open(f"tables/{table}.jsonl") as lines:
                for line in lines:
                    digest.update(line)
                    count += 1
                    yield json.loads(line)
        except (KeyError, *_DAMAGE):
            raise DamagedBackupError(table) from None
        if (count, digest.hexdigest()) != (part.count, part.sha256):
            raise DamagedBackupError(table)

    def file(self, name: str) -> bytes:
        """The bytes of a small file; raise DamagedBackupError."""
        try:
            content = self._file.read(f"files/{name}")
        except (KeyError, *_DAMAGE):
            raise DamagedBackupError(name) from None
        if sha256(content).hexdigest() != self.manifest.files[name].sha256:
            raise DamagedBackupError(name)
        return content


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """The backup in this file; raise NotABackupError, OtherFormatError or OSError."""
    try:
        file = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise NotABackupError from None
    with file:
        yield Archive(file)
