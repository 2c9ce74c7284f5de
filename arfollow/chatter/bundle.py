"""Where a bundle is written: a folder or a zip, readable by its owner only, under its name once it is whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)


class Target(Protocol):
    """Something that files can be put into, one after the other."""

    def put(self, name: str, parts: Iterable[bytes]) -> None:
        """Write a file, part by part."""
        ...


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, name: str, parts: Iterable[bytes]) -> None:
        path = self._path / name
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            file.writelines(parts)


class _Zip:
    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive

    def put(self, name: str, parts: Iterable[bytes]) -> None:
        info = ZipInfo(name, date_time=_EPOCH)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._archive.open(info, "w", force_zip64=True) as file:
            file.writelines(parts)


@contextmanager
def writing(path: Path) -> Iterator[Target]:
    """A zip when the path ends so, else a folder. Raise FileExistsError when it is there and not an empty folder."""
    if any(path.iterdir()) if path.is_dir() else path.exists():
        raise FileExistsError(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        if path.suffix == ".zip":
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file, ZipFile(file, "w", allowZip64=True) as archive:
                yield _Zip(archive)
        else:
            unfinished.mkdir(mode=0o700)
            yield _Folder(unfinished)
        unfinished.replace(path)
    finally:
        if unfinished.is_dir():
            shutil.rmtree(unfinished)
        unfinished.unlink(missing_ok=True)


def put_lines(target: Target, name: str, rows: Iterable[Mapping[str, object] | str]) -> dict[str, object]:
    """Write rows, or lines that are JSON already; gives what the manifest says of the file."""
    whole, count = sha256(), 0
    # What somebody put into a column where it can't be becomes text, and is found by its hash.
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=repr).encode

    def lines() -> Iterator[bytes]:
        nonlocal count
        for row in rows:
            line = f"{row if isinstance(row, str) else encode(row)}\n".encode()
            whole.update(line)
            count += 1
            yield line

    target.put(name, lines())
    return {"lines": count, "sha256": whole.hexdigest()}
