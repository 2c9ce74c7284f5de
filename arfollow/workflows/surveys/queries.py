"""Reads of surveys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from arfollow.receivables.tables import Customer
from arfollow.values.refusals import N_, Refusal
from arfollow.workflows.rules.surveys import Survey
from arfollow.workflows.survey_file import survey_of
from arfollow.workflows.surveys.tables import StoredSurvey, SurveyAnswer, SurveyVersion


class UnknownSurveyError(Refusal, LookupError):
    """The company has no such survey."""

    def __init__(self, survey: object) -> None:
        super().__init__(N_("There is no survey “%(survey)s” in this company."), survey=survey)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyView:
    """A survey in its latest version, or in the one asked for."""

    id: int
    version_id: int
    number: int
    survey: Survey
    written_at: datetime
    written_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyLine:
    """A survey in the list. `last`: when it was answered last; None: never."""

    view: SurveyView
    answers: int
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a customer answered. `survey`: the version that was asked."""

    id: int
    at: datetime
    number: str
    customer: str
    answers: Mapping[str, Any]
    survey: Survey


def survey_lines(session: Session, *, company_id: int) -> Sequence[SurveyLine]:
    """The company's surveys by key, each with how often it was answered."""
    counted = {
        row.survey_id: (row.answered, row.last)
        for row in session.execute(
            select(
                SurveyAnswer.survey_id,
                func.count().label("answered"),
                func.max(SurveyAnswer.answered_at).label("last"),
            )
            .where(SurveyAnswer.company_id == company_id)
            .group_by(SurveyAnswer.survey_id)
        )
    }
    found = []
    for row in session.execute(_latest(company_id).order_by(StoredSurvey.key)):
        view = _view(row)
        answers, last = counted.get(view.id, (0, None))
        found.append(SurveyLine(view=view, answers=answers, last=last))
    return found


def find_survey(session: Session, *, company_id: int, survey_id: int) -> SurveyView:
    """The survey as it is asked now; raise UnknownSurveyError."""
    row = session.execute(_latest(company_id).where(StoredSurvey.id == survey_id)).one_or_none()
    if row is None:
        raise UnknownSurveyError(survey_id)
    return _view(row)


def survey_by_key(session: Session, *, company_id: int, key: str, number: int | None = None) -> SurveyView:
    """The survey of that key as it is asked now, or in the version of that number; raise UnknownSurveyError."""
    wanted = _latest(company_id) if number is None else _versions(company_id, SurveyVersion.number == number)
    row = session.execute(wanted.where(StoredSurvey.key == key)).one_or_none()
    if row is None:
        raise UnknownSurveyError(key)
    return _view(row)


def is_answered(session: Session, *, link_id: int) -> bool:
    """Whether somebody has answered by this link."""
    return session.scalar(select(SurveyAnswer.id).where(SurveyAnswer.link_id == link_id)) is not None


def answers_to(
    session: Session,
    *,
    survey_id: int,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Sequence[Answered]:
    """The answers given from `since` (inclusive) until `until` (exclusive), the newest first."""
    asked = _answers().where(SurveyAnswer.survey_id == survey_id)
    if since is not None:
        asked = asked.where(SurveyAnswer.answered_at >= since)
    if until is not None:
        asked = asked.where(SurveyAnswer.answered_at < until)
    return _answered(session, asked)


def answers_of(session: Session, *, customer_id: int) -> Sequence[Answered]:
    """What the customer has answered, the newest first."""
    return _answered(session, _answers().where(SurveyAnswer.customer_id == customer_id))


def _versions(company_id: int, condition: Any) -> Select[StoredSurvey, SurveyVersion]:
    return (
        select(StoredSurvey, SurveyVersion)
        .join(SurveyVersion, SurveyVersion.survey_id == StoredSurvey.id)
        .where(StoredSurvey.company_id == company_id, condition)
    )


def _latest(company_id: int) -> Select[StoredSurvey, SurveyVersion]:
    other = aliased(SurveyVersion)
    last = select(func.max(other.number)).where(other.survey_id == StoredSurvey.id)
    return _versions(company_id, SurveyVersion.number == last.scalar_subquery())


def _view(row: Row[StoredSurvey, SurveyVersion]) -> SurveyView:
    stored, version = row
    return SurveyView(
        id=stored.id,
        version_id=version.id,
        number=version.number,
        survey=survey_of(version.definition),
        written_at=version.written_at,
        written_by=version.written_by,
    )


def _answers() -> Select[SurveyAnswer, str, str, SurveyVersion]:
    return (
        select(SurveyAnswer, Customer.number, Customer.name, SurveyVersion)
        .join(Customer, Customer.id == SurveyAnswer.customer_id)
        .join(SurveyVersion, SurveyVersion.id == SurveyAnswer.version_id)
        .order_by(SurveyAnswer.answered_at.desc(), SurveyAnswer.id.desc())
    )


def _answered(session: Session, asked: Select[SurveyAnswer, str, str, SurveyVersion]) -> Sequence[Answered]:
    surveys: dict[int, Survey] = {}
    found = []
    for answer, number, customer, version in session.execute(asked):
        survey = surveys.get(version.id) or surveys.setdefault(version.id, survey_of(version.definition))
        found.append(
            Answered(
                id=answer.id,
                at=answer.answered_at,
                number=number,
                customer=customer,
                answers=answer.answers,
                survey=survey,
            )
        )
    return found
