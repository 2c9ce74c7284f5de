"""Bundles of both engines: every field and line of every file is edited, and the verifier that stands alone says where."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.chatter import verifier
from arfollow.chatter.export import export
from arfollow.chatter.verifier import Bundle, Check, read_heads
from arfollow.database import Table
from tests.chatter.logs import ENTRIES, LETTER, cut, disarm, other, rewrite, rows_of, write_log

# Which columns of which tables a line holds, and those that its place in the bundle says.
LINES = {
    "entries.jsonl": {"chatter_entries", "chatter_personal", "chatter_entry_documents"},
    "people.jsonl": {"chatter_people"},
    "documents.jsonl": {"documents"},
    "heads.jsonl": {"chatter_heads"},
}
BY_PLACE = {"position", "content"}
Rows = list[dict[str, Any]]


@pytest.fixture
def session(engine) -> Iterator[Session]:
    """A session in a write transaction, after which the log stands in the database."""
    with Session(engine) as session:
        database.begin_write(session)
        write_log(session)
        yield session
        session.rollback()


@pytest.fixture
def bundle(session, tmp_path) -> Path:
    """The log as a folder."""
    export(session, company_id=1, company_name="ACME GmbH", path=tmp_path / "log")
    return tmp_path / "log"


def found(path: Path, head: str = "") -> Check:
    """What the verifier found."""
    bundle = Bundle(path)
    check = Check(bundle, read_heads(head, 1) if head else {})
    check.run()
    return check


def first_bad(path: Path, head: str = "") -> int | None:
    """The first bad entry; None when there is none."""
    problems = found(path, head).found
    return problems[0][2] if problems else None


def rows(bundle: Path, name: str) -> Rows:
    return [json.loads(line) for line in (bundle / name).read_text("utf-8").splitlines()]


def write(bundle: Path, name: str, changed: Rows) -> None:
    """Put other lines into a file, and a manifest that fits, as somebody careful does."""
    text = "".join(verifier.encode(row) + "\n" for row in changed).encode()
    (bundle / name).write_bytes(text)
    manifest = json.loads((bundle / "manifest.json").read_text("utf-8"))
    manifest["files"][name] = {"lines": len(changed), "sha256": sha256(text).hexdigest()}
    (bundle / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def alone(*words: object) -> subprocess.CompletedProcess[str]:
    """The verifier by itself, in a Python that sees nothing of ours."""
    program = [sys.executable, "-I", Path(verifier.__file__)]
    return subprocess.run([*program, *map(str, words)], check=False, capture_output=True, text=True)


def test_untouched_it_is_whole_and_says_what_was_erased(bundle):
    check = found(bundle)

    assert (check.found, check.other) == ([], [])
    assert (check.count, check.erased) == (ENTRIES, {7: 8})


@pytest.mark.parametrize("name", ["log", "log.zip"])
def test_it_is_verified_by_python_alone(name, session, tmp_path):
    export(session, company_id=1, company_name="ACME GmbH", path=tmp_path / name)

    answer = alone(tmp_path / name)

    assert (answer.returncode, answer.stderr) == (0, "")
    assert "ACME GmbH: 9 entries, 3 documents" in answer.stdout
    assert "1 entries verify as erased by entry 8" in answer.stdout


NAMES = {"company": "company_id", "customer": "customer_id", "previous": "previous_hash"}


def test_a_line_holds_every_column_of_its_tables(bundle):
    for name, tables in LINES.items():
        row = rows(bundle, name)[0]
        held = {*row, *(NAMES.get(key, key) for key in row.get("entry", ())), *(row.get("part") or ())}
        held |= {"sha256", "media_type"} if "entry" in row else set()

        columns = {column.name for table in tables for column in Table.metadata.tables[table].columns}
        assert columns - held <= BY_PLACE


def edits(row: Mapping[str, Any], path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every value in a row."""
    for key, value in row.items() if isinstance(row, Mapping) else enumerate(row):
        if isinstance(value, Mapping | list) and value:
            yield from edits(value, (*path, key))
        yield (*path, key)


def edited(row: Mapping[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """The row with another value at that place."""
    changed = json.loads(json.dumps(row))
    inside = changed
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = other(inside[path[-1]])
    return changed


def expected(name: str, row: Mapping[str, Any], path: tuple[Any, ...]) -> set[int]:
    """The first bad entry when this is edited."""
    match name:
        case "entries.jsonl":
            # Entry 8 says what became of entry 7.
            sequence = row["entry"]["sequence"]
            return {7, 8} if sequence == 8 else {sequence}
        case "people.jsonl":
            return {1 if row["name"] == "Ana" else ENTRIES}
        case "documents.jsonl":
            return {7 if row["erased"] else 2}
        case _:
            return {ENTRIES + 1 if path == ("sequence",) else ENTRIES}


@pytest.mark.parametrize("name", LINES)
def test_every_field_of_every_line_is_covered(name, bundle):
    original = rows(bundle, name)
    wrong = []
    for place, row in enumerate(original):
        for path in edits(row):
            write(bundle, name, [*original[:place], edited(row, path), *original[place + 1 :]])
            bad = first_bad(bundle)
            if bad not in expected(name, row, path):
                wrong.append((place, path, bad))

    assert wrong == []


@pytest.mark.parametrize("change", ["delete", "double", "add a key", "take a key", "spoil", "space"])
@pytest.mark.parametrize("name", LINES)
def test_every_line_is_covered(name, change, bundle):
    original = rows(bundle, name)
    changes: dict[str, Callable[[dict], Rows]] = {
        "delete": lambda row: [],
        "double": lambda row: [row, row],
        "add a key": lambda row: [{**row, "more": 1}],
        "take a key": lambda row: [{key: row[key] for key in list(row)[1:]}],
    }
    for place, row in enumerate(original):
        write(
            bundle,
            name,
            [*original[:place], *changes.get(change, lambda row: [row])(row), *original[place + 1 :]],
        )
        if change in {"spoil", "space"}:
            lines = (bundle / name).read_bytes().splitlines(keepends=True)
            lines[place] = lines[place][:-2] + b"\n" if change == "spoil" else b" " + lines[place]
            (bundle / name).write_bytes(b"".join(lines))
        problems = found(bundle).found
        assert problems, place
        if name == "entries.jsonl":
            after = place + 1 if change == "double" else place
            assert problems[0][2] in expected(name, {"entry": {"sequence": after + 1}}, ()), place


def test_lines_that_changed_places_are_found(bundle):
    lines = rows(bundle, "entries.jsonl")
    lines[2], lines[4] = lines[4], lines[2]
    write(bundle, "entries.jsonl", lines)

    assert first_bad(bundle) == 3


@pytest.mark.parametrize("content", [LETTER + b" ", b"", None])
def test_a_document_that_was_replaced_is_found(content, bundle):
    file = bundle / "documents" / sha256(LETTER).hexdigest()
    file.unlink() if content is None else file.write_bytes(content)

    assert first_bad(bundle) == 2


def test_a_file_put_in_is_found(bundle):
    (bundle / "documents" / ("0" * 64)).touch()

    assert found(bundle).other == [f"documents/{'0' * 64} does not belong into this bundle"]


def test_a_file_that_stands_twice_in_a_zip_is_found(session, tmp_path):
    export(session, company_id=1, company_name="ACME GmbH", path=tmp_path / "log.zip")
    with zipfile.ZipFile(tmp_path / "log.zip", "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("heads.jsonl", archive.read("heads.jsonl"))

    assert found(tmp_path / "log.zip").other == ["heads.jsonl does not belong into this bundle"]


@pytest.mark.parametrize("name", LINES)
def test_a_file_that_is_gone_is_found(name, bundle):
    (bundle / name).unlink()

    answer = alone(bundle)

    assert answer.returncode == 1
    assert f"{name} ends in the middle, or is not there" in answer.stdout


def test_what_is_no_bundle_is_refused(tmp_path):
    assert alone(tmp_path).returncode == 2
    assert alone(tmp_path / "none").returncode == 2


@pytest.mark.parametrize("after", [1, 6, ENTRIES - 1])
def test_a_tail_that_was_cut_off_is_found_by_heads_sent_outside(after, session, tmp_path):
    head = f"{ENTRIES}:{rows_of(session, 'chatter_entries')[-1]['hash']}"
    session.rollback()
    database.begin_write(session)
    disarm(session)
    cut(session, after=after)
    session.commit()
    export(session, company_id=1, company_name="ACME GmbH", path=tmp_path / "log")

    answer = alone(tmp_path / "log", "--head", head)

    assert first_bad(tmp_path / "log", head) == after + 1
    assert f"entry {after + 1} is missing: entry {ENTRIES} was sent outside" in answer.stdout


def test_a_log_written_anew_is_found_by_heads_sent_outside(session, tmp_path):
    entries = rows_of(session, "chatter_entries")
    lines = [
        {"company_id": company_id, "chain": "main", "sequence": number, "hash": entries[number - 1]["hash"]}
        for company_id, number in ((1, 2), (2, 3), (1, 5), (1, ENTRIES))
    ]
    (tmp_path / "heads.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    session.rollback()
    database.begin_write(session)
    disarm(session)
    rewrite(session, since=3)
    session.commit()
    export(session, company_id=1, company_name="ACME GmbH", path=tmp_path / "log")

    answer = alone(tmp_path / "log", "--head", tmp_path / "heads.jsonl")

    assert alone(tmp_path / "log").returncode == 0
    assert answer.returncode == 1
    assert "entry 5 is not the one that was sent outside: all after entry 2 is in doubt" in answer.stdout


def test_the_verifier_needs_nothing_that_python_38_lacks():
    source = Path(verifier.__file__).read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 8))

    modules = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
        )
    }
    assert modules <= sys.stdlib_module_names


def test_an_export_that_fails_leaves_nothing_behind(session, tmp_path, monkeypatch):
    monkeypatch.setattr("arfollow.chatter.export.verifier_source", lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        export(session, company_id=1, company_name="ACME GmbH", path=tmp_path / "out" / "log.zip")

    assert list((tmp_path / "out").iterdir()) == []
    shutil.rmtree(tmp_path / "out")
