"""Tables of imports by the screens."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table
from arfollow.exchange.uploads.rules import State, Task


class ImportJob(Table):
    """Files that somebody imports at once, or an import that is taken back (`task`). `state` is a State.

    `report` is what came of the check or the import; `problems` are all of them, packed. `token` fences a worker whose lease
    ran out, and counts how often the work was begun. `ledger_import_id`: the import that this one became, or that it undoes.
    """

    __tablename__ = "import_jobs"
    __table_args__ = (
        Index(None, "company_id", "state"),
        Index(None, "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    who: Mapped[str]
    task: Mapped[str] = mapped_column(String(8), default=Task.IMPORT)
    state: Mapped[str] = mapped_column(String(10), default=State.DRAFT)
    made_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    token: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    phase: Mapped[str] = mapped_column(String(10), default="")
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int] = mapped_column(default=0)
    as_of: Mapped[date | None]
    customers_in_file: Mapped[bool] = mapped_column(default=False)
    confirmed: Mapped[bool] = mapped_column(default=False)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem_count: Mapped[int] = mapped_column(default=0)
    problems: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    refusal: Mapped[str] = mapped_column(default="")
    ledger_import_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_imports.id"))


class ImportFile(Table):
    """A file of such an import: its bytes, and how it is to be read (`settings`). Its name is a label, never a path.

    `text`: the chosen sheet of a workbook as a table of text, packed. The bytes go once they are imported.
    """

    __tablename__ = "import_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    job_id: Mapped[int] = mapped_column(ForeignKey("import_jobs.id"), index=True)
    name: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    sheets: Mapped[list[Any]] = mapped_column(default=list)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    text: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ImportMapping(Table):
    """What the columns of some program's files mean, kept under a name. `definition` is what its TOML would hold."""

    __tablename__ = "import_mappings"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    name: Mapped[str]
    definition: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]
