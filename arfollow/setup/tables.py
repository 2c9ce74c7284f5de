"""The table of the first run: what cannot be told from the rest of the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class SetupMark(Table):
    """What somebody said of a step, or what a try came to: see `operations.Mark`. `facts`: of a try of the mail server."""

    __tablename__ = "setup_marks"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(24), primary_key=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    who: Mapped[str]
    at: Mapped[datetime]
