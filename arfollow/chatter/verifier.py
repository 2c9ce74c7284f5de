"""Check a bundle of the chatter with nothing but Python 3.8 or later:  python3 -I verify.py BUNDLE [--head FILE]

A bundle is a folder or zip that `arfollow chatter export` wrote; docs/chatter.md describes it. This file uses no line of
the program that wrote it, holds one line at a time, changes nothing and asks no network. It proves that every entry has
the hash of its contents and follows the one before it; that texts, personal data, people and documents are those that were
recorded; that what is gone was erased by an entry that says so. The owner of a database can write all of it anew, or cut
off its end: only heads that were sent outside before show that (--head: their file or folder, or SEQUENCE:HASH).

It ends with 0 when all is whole, 1 when something is not (the first bad entry comes first), 2 when nothing can be read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

FILES = {"entries.jsonl", "people.jsonl", "documents.jsonl", "heads.jsonl", "manifest.json", "verify.py"}
GENESIS = "0" * 64
MOST = 1000
START = len('{"entry":')
FRAME = '{"entry":,"hash":"","part":}\n'
BROKEN = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
MISSING = (OSError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)
decode = json.JSONDecoder().raw_decode
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8."""
    return sha256(text.encode()).hexdigest()


class Bundle:
    """A folder or a zip, with the same files in both."""

    def __init__(self, path: Path) -> None:
        self.path, self.zip = path, None if path.is_dir() else zipfile.ZipFile(path)
        with self.open("manifest.json") as file:
            self.manifest: dict[str, Any] = json.load(file)

    def open(self, name: str) -> IO[bytes]:
        """A file of the bundle; raise one of MISSING."""
        return (self.path / name).open("rb") if self.zip is None else self.zip.open(name)

    def names(self) -> list[str]:
        """Every file in it; twice if it is in a zip twice."""
        if self.zip is not None:
            return [name for name in self.zip.namelist() if not name.endswith("/")]
        return [each.relative_to(self.path).as_posix() for each in self.path.rglob("*") if not each.is_dir()]


class Check:
    """Reads a bundle once. `found`: what is wrong with entries, as (not main, chain, sequence, reason); `other`: beside them."""

    def __init__(self, bundle: Bundle, outside: dict[tuple[str, int], set[str]]) -> None:
        self.bundle, self.outside, self.company = bundle, outside, bundle.manifest["company_id"]
        self.found: list[tuple[bool, str, int, str]] = []
        self.other: list[str] = []
        self.count = 0
        self.last: dict[str, tuple[int, str]] = {}
        self.heads: set[str] = set()
        self.people: dict[str, tuple[str, int]] = {}
        self.documents: dict[str, tuple[str, int, str]] = {}
        self.listed: set[str] = set()
        self.gone: list[tuple[str, int, Any]] = []
        self.erasures: dict[tuple[str, Any], list[int]] = {}
        self.erased_people: set[str] = set()
        self.erased_documents: dict[str, int] = {}
        self.erased: dict[int, int] = {}
        self.agreed: dict[str, int] = {}

    def bad(self, chain: str, sequence: int, reason: str) -> None:
        """Keep what is wrong with an entry."""
        self.found.append((chain != "main", chain, sequence, reason))
        if len(self.found) > MOST:
            self.found = sorted(self.found)[: MOST // 2]

    def run(self) -> None:
        """Check everything."""
        self.lines("entries.jsonl", self.entry)
        self.lines("people.jsonl", self.row(self.person, "company_id digest name salt"))
        self.lines("documents.jsonl", self.row(self.document, "sha256 media_type erased"))
        self.lines("heads.jsonl", self.row(self.head, "company_id chain sequence hash"))
        self.afterwards()
        own = FILES | {f"documents/{each}" for each in self.documents}
        seen: set[str] = set()
        for name in self.bundle.names():
            if name not in own or name in seen:
                self.other.append(f"{name} does not belong into this bundle")
            seen.add(name)
        self.found.sort()

    def lines(self, name: str, check: Callable[[str], None]) -> None:
        """Check each line of a file, and the whole of it against the manifest."""
        whole, count = sha256(), 0
        try:
            with self.bundle.open(name) as file:
                for count, line in enumerate(file, start=1):
                    whole.update(line)
                    expected = self.end()
                    try:
                        check(line.decode())
                    except BROKEN:
                        self.bad(
                            "main", expected, f"or what stands beside it was changed: line {count} of {name}"
                        )
        except MISSING:
            self.bad("main", self.end(), f"is missing: {name} ends in the middle, or is not there")
        if self.bundle.manifest["files"].get(name) != {"lines": count, "sha256": whole.hexdigest()}:
            self.other.append(
                f"{name} is not the file that was exported: its hash is not that of the manifest"
            )

    def row(self, check: Callable[[dict[str, Any]], None], columns: str) -> Callable[[str], None]:
        """Check a line as an object of these columns, written in the one way that there is."""

        def line(text: str) -> None:
            row = json.loads(text)
            check(row)
            if set(row) != set(columns.split()) or encode(row) + "\n" != text:
                raise ValueError

        return line

    def end(self) -> int:
        """The sequence that follows the last entry read."""
        return self.last.get("main", (0, ""))[0] + 1

    def entry(self, text: str) -> None:
        """An entry: {"entry":…,"hash":"…","part":…}. The very text of `entry` is hashed, and so is that of its erasable part."""
        row, end = decode(text, START)
        found, rest = text[end + 9 : end + 73], end + 82
        part, last = decode(text, rest)
        if text[:START] + text[end : end + 9] + text[end + 73 : rest] + text[last:] != FRAME:
            raise ValueError
        chain, sequence = row["chain"], row["sequence"]
        if type(sequence) is not int or type(chain) is not str:
            raise TypeError
        before, head = self.last.get(chain, (0, GENESIS))
        if sequence != before + 1:
            self.bad(chain, before + 1, f"is missing; entry {sequence} comes in its place")
        elif row["previous"] != head:
            self.bad(chain, sequence, "does not follow the entry before it")
        if row["schema"] != 1 or row["company"] != self.company or digest(text[START:end]) != found:
            self.bad(chain, sequence, "was changed: its hash is not that of its contents")
        self.last[chain], self.count = (sequence, found), self.count + 1
        if part is None:
            self.gone.append((chain, sequence, row["customer"]))
        elif digest(text[rest:last]) != row["personal"]:
            self.bad(
                chain, sequence, "was changed: its text or personal data are not those that were recorded"
            )
        self.against_outside(chain, sequence, found)
        self.note(chain, sequence, row)

    def against_outside(self, chain: str, sequence: int, found: str) -> None:
        """Compare an entry with the head that was sent outside when it was the last."""
        sent, agreed = self.outside.pop((chain, sequence), None), self.agreed.get(chain, 0)
        if sent == {found}:
            self.agreed[chain] = sequence
        elif sent:
            self.bad(
                chain, sequence, f"is not the one that was sent outside: all after entry {agreed} is in doubt"
            )

    def note(self, chain: str, sequence: int, row: dict[str, Any]) -> None:
        """Keep for later whom and which documents an entry names, and what it says was erased."""
        self.people.setdefault(row["who"], (chain, sequence))
        for document, media_type in row["documents"]:
            self.documents.setdefault(document, (chain, sequence, media_type))
        if row["tag"] == "customer:erased":
            self.erasures.setdefault((chain, row["customer"]), []).append(sequence)
            self.erased_documents.update((document, sequence) for document, _ in row["documents"])
        elif row["tag"] == "person:erased":
            self.erased_people.add(json.loads(row["facts"])["person"])

    def person(self, row: dict[str, Any]) -> None:
        """A person: known to an entry, with the name that was recorded."""
        chain, sequence = self.people.pop(row["digest"], ("main", self.end()))
        is_whole = digest(encode({"name": row["name"], "salt": row["salt"]})) == row["digest"]
        if not is_whole or row["company_id"] != self.company or sequence == self.end():
            self.bad(chain, sequence, "or another names a person who was changed or put in")

    def document(self, row: dict[str, Any]) -> None:
        """A document: named by an entry, once, with the bytes that were recorded unless an entry erased them."""
        name, erased = row["sha256"], row["erased"]
        chain, sequence, media_type = self.documents.get(name, ("main", self.end(), ""))
        if not re.fullmatch("[0-9a-f]{64}", name) or name in self.listed or row["media_type"] != media_type:
            self.bad(chain, sequence, f"has a document that was changed or put in: {name}")
        elif erased is not False and name not in self.erased_documents:
            self.bad(chain, sequence, f"has a document without its bytes, and no entry says why: {name}")
        elif erased is not True and self.hash_of(f"documents/{name}") != name:
            self.bad(chain, sequence, f"has a document whose bytes were changed or are gone: {name}")
        self.listed.add(name)

    def hash_of(self, name: str) -> str:
        """The SHA-256 of a file; empty when it can't be read."""
        whole = sha256()
        try:
            with self.bundle.open(name) as file:
                for some in iter(lambda: file.read(1 << 20), b""):
                    whole.update(some)
        except MISSING:
            return ""
        return whole.hexdigest()

    def head(self, row: dict[str, Any]) -> None:
        """A chain ends where its head says."""
        chain, sequence = row["chain"], row["sequence"]
        last, found = self.last.get(chain, (0, GENESIS))
        if chain in self.heads:
            self.bad(chain, last, "is the last, but its chain has two heads")
        self.heads.add(chain)
        if sequence > last:
            self.bad(chain, last + 1, f"is missing: the head says that the chain goes on to entry {sequence}")
        elif sequence < last:
            self.bad(chain, sequence + 1, "stands behind the head of its chain")
        elif row["hash"] != found or row["company_id"] != self.company:
            self.bad(chain, last, "is the last, but the head is another")

    def afterwards(self) -> None:
        """What only the whole log tells: what lacks, what was erased, and what was sent outside but is not there."""
        for chain in self.last.keys() - self.heads:
            self.bad(chain, self.last[chain][0], "is the last, but its chain has no head")
        for chain, sequence in self.outside:
            last = self.last.get(chain, (0, ""))[0]
            self.bad(
                chain, min(last + 1, sequence), f"is missing: entry {sequence} was sent outside as the last"
            )
        for who, (chain, sequence) in self.people.items():
            if who not in self.erased_people:
                self.bad(chain, sequence, "names a person who is gone, and no entry says they were erased")
        for name in self.documents.keys() - self.listed:
            self.bad(*self.documents[name][:2], f"has lost its document {name}")
        for chain, sequence, customer in self.gone:
            later = [each for each in self.erasures.get((chain, customer), ()) if each > sequence]
            if customer is None or not later:
                self.bad(chain, sequence, "has lost its text and personal data, and no entry says why")
            else:
                self.erased[sequence] = later[0]


def read_heads(given: str, company: int) -> dict[tuple[str, int], set[str]]:
    """Heads sent outside, by chain and sequence: of a file, all files of a folder, or SEQUENCE:HASH."""
    short = re.fullmatch("([0-9]+):([0-9a-f]{64})", given)
    if short:
        return {("main", int(short[1])): {short[2]}}
    path = Path(given)
    heads: dict[tuple[str, int], set[str]] = {}
    files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    for row in (json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()):
        if row["company_id"] == company:
            heads.setdefault((row["chain"], row["sequence"]), set()).add(row["hash"])
    return heads


def main(arguments: list[str] | None = None) -> int:
    """Check the bundle and say what was found; gives the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--head", metavar="FILE", help="heads sent outside: file, folder, or SEQUENCE:HASH")
    given = parser.parse_args(arguments)
    try:
        bundle = Bundle(given.bundle)
        check = Check(bundle, read_heads(given.head, bundle.manifest["company_id"]) if given.head else {})
        check.run()
    except (*BROKEN, *MISSING) as error:
        sys.stderr.write(f"This can't be read as a bundle, or its heads can't be: {error!r}\n")
        return 2
    bad = [
        f"entry {sequence}{f' of chain {chain}' if other else ''} {why}"
        for other, chain, sequence, why in check.found
    ]
    lines = [f"{bundle.manifest.get('company')}: {check.count} entries, {len(check.documents)} documents"]
    heads = sorted(check.last.items())
    lines += [f"Head of {chain}: {sequence}:{found}" for chain, (sequence, found) in heads]
    by = sorted(Counter(check.erased.values()).items())
    lines += [f"{count} entries verify as erased by entry {sequence}" for sequence, count in by]
    lines += ["NOT WHOLE. First bad:", *bad[:20], *check.other[:20]] if bad or check.other else ["Whole."]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if bad or check.other else 0


if __name__ == "__main__":
    sys.exit(main())
