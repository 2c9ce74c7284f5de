"""Tables of surveys. A version never changes: what was answered can always be read beside what was asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from arfollow.database import Table


class StoredSurvey(Table):
    """A survey of the company, under the key that workflows ask it by."""

    __tablename__ = "surveys"
    __table_args__ = (UniqueConstraint("company_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    key: Mapped[str] = mapped_column(String(40))


class SurveyVersion(Table):
    """A survey as it was saved; the last one is asked. `definition`: see survey_file.py."""

    __tablename__ = "survey_versions"
    __table_args__ = (UniqueConstraint("survey_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]]
    written_at: Mapped[dt.datetime]
    written_by: Mapped[str]


class SurveyAnswer(Table):
    """What a customer answered, once for each link. `answers`: by the keys of the questions, as `read_answers` gives them."""

    __tablename__ = "survey_answers"
    __table_args__ = (
        UniqueConstraint("link_id"),
        Index(None, "survey_id", "answered_at"),
        Index(None, "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    survey_id: Mapped[int] = mapped_column(ForeignKey("surveys.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("survey_versions.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    link_id: Mapped[int] = mapped_column(ForeignKey("signed_links.id"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("workflow_enrolments.id"))
    step: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[dt.datetime]
    answers: Mapped[dict[str, Any]]
