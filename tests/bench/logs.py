"""`script/bench --verify N`: a log of N entries, and how long both verifiers take for it.

The log is written straight into the tables: through the program a million entries would take many minutes.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from arfollow import database
from arfollow.chatter import rules, verifier
from arfollow.chatter.export import export
from arfollow.chatter.rules import GENESIS, MAIN, Record
from arfollow.chatter.verification import verify
from arfollow.database import Table

_BATCH = 10_000
_DOCUMENTS = 100
"""One entry in so many has a document."""


def measure_log(folder: Path, url: str, *, entries: int) -> dict[str, float]:
    """Seconds and megabytes for a new log of that many entries, in a database that was migrated."""
    engine = database.open_engine(url)
    with Session(engine) as session:
        database.begin_write(session)
        _disarm(session)
        for rows in _batches(entries):
            for name, some in rows.items():
                if some:
                    session.execute(insert(Table.metadata.tables[name]), some)
        database.commit(session)
    figures: dict[str, float] = {}
    with Session(engine) as session:
        start = time.perf_counter()
        report = verify(session, company_id=1)
        figures["verify the database, s"] = time.perf_counter() - start
        figures["  of it at most, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if not report.is_intact or report.entries != entries:
            raise SystemExit(f"The log is not whole: {report.problems[:3]}")
        start = time.perf_counter()
        export(session, company_id=1, company_name="Bench", path=folder / "log")
        figures["export the bundle, s"] = time.perf_counter() - start
    engine.dispose()
    start = time.perf_counter()
    answer = subprocess.run(
        [sys.executable, "-I", verifier.__file__, folder / "log"], check=True, capture_output=True
    )
    figures["verify the bundle, s"] = time.perf_counter() - start
    if not answer.stdout.endswith(b"Whole.\n"):
        raise SystemExit(answer.stdout.decode())
    return figures


def _disarm(session: Session) -> None:
    """Take away what refuses rows that no program wrote, and what looks at each of them."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET session_replication_role = replica"))
        return
    for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))


def _batches(entries: int) -> Iterator[dict[str, list[dict[str, Any]]]]:
    salt = "0" * 32
    who = rules.person_digest(salt=salt, name="Ana")
    head = GENESIS
    person = {"digest": who, "company_id": 1, "name": "Ana", "salt": salt}
    rows: dict[str, list[dict[str, Any]]] = {"chatter_people": [person]}
    for sequence in range(1, entries + 1):
        place: dict[str, Any] = {"company_id": 1, "chain": MAIN, "sequence": sequence}
        part = {
            "customer": f"C-{sequence % 10_000:05} Bäckerei Ümit GmbH",
            "data": '{"recipient":"buchhaltung@example.com"}',
            "salt": f"{sequence:032x}",
            "text": "Letter “Second reminder” printed",
        }
        documents: tuple[tuple[str, str], ...] = ()
        if sequence % _DOCUMENTS == 0:
            content = f"%PDF letter {sequence} ".encode() * 200
            documents = ((sha256(content).hexdigest(), "application/pdf"),)
            document = {"sha256": documents[0][0], "media_type": "application/pdf"}
            rows.setdefault("documents", []).append({**document, "content": content})
            rows.setdefault("chatter_entry_documents", []).append({**place, "position": 0, **document})
        record = Record(
            schema=rules.SCHEMA,
            previous_hash=head,
            hash="",
            at=f"2026-11-21T08:12:33.{sequence % 1_000_000:06}Z",
            tag="letter:printed",
            customer_id=sequence % 10_000 + 1,
            thread=None,
            who=who,
            personal=rules.personal_digest(**part),
            facts=f'{{"claimed":[{{"currency":"EUR","minor":{sequence}}}],"items":["2026-{sequence}"],"level":"Second"}}',
            documents=documents,
            **place,
        )
        head = rules.entry_hash(record)
        columns = record._replace(hash=head)._asdict()
        del columns["documents"]
        rows.setdefault("chatter_entries", []).append(columns)
        rows.setdefault("chatter_personal", []).append({**place, **part})
        if sequence % _BATCH == 0 or sequence == entries:
            if sequence == entries:
                rows["chatter_heads"] = [{"company_id": 1, "chain": MAIN, "sequence": sequence, "hash": head}]
            # What others refer to goes first.
            yield {name: rows.get(name, []) for name in _ORDER}
            rows = {}


_ORDER = (
    "chatter_people",
    "documents",
    "chatter_entries",
    "chatter_personal",
    "chatter_entry_documents",
    "chatter_heads",
)
