"""Writes of surveys: saving, installing, answering, forgetting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.chatter.operations import BY_LINK, SYSTEM, record
from arfollow.companies.tables import Company
from arfollow.database import insert_into
from arfollow.receivables.operations.lookup import lock_customer
from arfollow.values.refusals import N_, Refusal
from arfollow.workflows import examples
from arfollow.workflows.rules.conditions import Value
from arfollow.workflows.rules.surveys import Survey, answer_lines, problems, said_in
from arfollow.workflows.survey_file import survey_data, survey_of
from arfollow.workflows.surveys.queries import SurveyView, UnknownSurveyError, survey_by_key
from arfollow.workflows.surveys.tables import StoredSurvey, SurveyAnswer, SurveyVersion


class SurveyProblemsError(ValueError):
    """The survey cannot be asked like this; `problems` say why."""

    def __init__(self, found: list[str]) -> None:
        self.problems = found
        super().__init__(" ".join(found))


class SurveyKeyTakenError(Refusal, ValueError):
    """The company has another survey of this key."""

    def __init__(self, key: str) -> None:
        super().__init__(N_("There is a survey “%(key)s” already."), key=key)


class SurveyChangedError(Refusal, RuntimeError):
    """Somebody else saved the survey since it was opened."""

    def __init__(self) -> None:
        super().__init__(N_("Nothing was saved: a colleague has changed this survey meanwhile."))


def save_survey(
    session: Session,
    *,
    company_id: int,
    survey: Survey,
    survey_id: int | None = None,
    seen: int | None = None,
    who: str,
) -> int:
    """Save a new survey, or the next version of one; gives its id. What is there already is not saved again.

    `seen`: the number of the version that was changed. Raise SurveyProblemsError, SurveyKeyTakenError, SurveyChangedError,
    UnknownSurveyError.
    """
    if found := problems(survey):
        raise SurveyProblemsError(found)
    stored = _stored(session, company_id, survey, survey_id)
    last = session.scalar(
        select(SurveyVersion)
        .where(SurveyVersion.survey_id == stored.id)
        .order_by(SurveyVersion.number.desc())
        .limit(1)
    )
    if last is not None and seen is not None and last.number != seen:
        raise SurveyChangedError
    if last is not None and survey_of(last.definition) == survey:
        return stored.id
    number = last.number + 1 if last else 1
    data = survey_data(survey)
    session.add(
        SurveyVersion(
            survey_id=stored.id, number=number, definition=data, written_at=clock.now(), written_by=who
        )
    )
    record(
        session,
        company_id=company_id,
        customer_id=None,
        tag="survey:changed",
        who=who,
        text=f"Survey “{survey.key}” saved, version {number}",
        facts={"survey": stored.id, "version": number, "definition": data},
    )
    session.flush()
    return stored.id


def install_survey(session: Session, *, company_id: int, key: str, who: str = SYSTEM) -> SurveyView:
    """The company's survey of that key; one that comes along is taken over if the company has none. Raise UnknownSurveyError."""
    try:
        return survey_by_key(session, company_id=company_id, key=key)
    except UnknownSurveyError:
        shipped = examples.surveys().get(key)
        if shipped is None:
            raise
    save_survey(session, company_id=company_id, survey=shipped, who=who)
    return survey_by_key(session, company_id=company_id, key=key)


def answer_survey(
    session: Session,
    *,
    company_id: int,
    customer_id: int,
    view: SurveyView,
    link_id: int,
    enrolment_id: int | None,
    step: str,
    answers: Mapping[str, Value],
    now: datetime,
) -> bool:
    """Keep a customer's answers; whether they are the first by this link: later ones are not kept."""
    lock_customer(session, company_id=company_id, customer_id=customer_id)
    added = _keep(
        session,
        view,
        company_id=company_id,
        customer_id=customer_id,
        link_id=link_id,
        enrolment_id=enrolment_id,
        step=step,
        answered_at=now,
        answers={key: list(value) if isinstance(value, tuple) else value for key, value in answers.items()},
    )
    if added is None:
        return False
    record(
        session,
        company_id=company_id,
        customer_id=customer_id,
        tag="survey:answered",
        who=BY_LINK,
        text=_answered(session, company_id, view.survey, answers),
        facts={"survey": view.id, "version": view.number, "answer": added},
    )
    return True


def _keep(session: Session, view: SurveyView, **values: object) -> int | None:
    """The id of the answers; None: there are some by this link already."""
    rows = insert_into(session, SurveyAnswer).values(survey_id=view.id, version_id=view.version_id, **values)
    added: int | None = session.scalar(rows.on_conflict_do_nothing().returning(SurveyAnswer.id))
    return added


def _answered(session: Session, company_id: int, survey: Survey, answers: Mapping[str, Value]) -> str:
    """Questions and answers in the company's language, a line each below the survey's title."""
    language = session.scalars(select(Company.language).where(Company.id == company_id)).one()
    lines = answer_lines(survey, answers, language=language)
    return "\n".join([said_in(survey.title, language), *(f"{asked} {said}" for asked, said in lines)])


def forget_answers(session: Session, customer_id: int) -> None:
    """What an erased customer answered goes; registered with profiles."""
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.customer_id == customer_id))


def _stored(session: Session, company_id: int, survey: Survey, survey_id: int | None) -> StoredSurvey:
    named = session.scalar(
        select(StoredSurvey).where(StoredSurvey.company_id == company_id, StoredSurvey.key == survey.key)
    )
    if survey_id is None:
        if named is not None:
            raise SurveyKeyTakenError(survey.key)
        stored = StoredSurvey(company_id=company_id, key=survey.key)
        session.add(stored)
        session.flush()
        return stored
    found = session.scalar(
        select(StoredSurvey)
        .where(StoredSurvey.id == survey_id, StoredSurvey.company_id == company_id)
        .with_for_update()
    )
    if found is None:
        raise UnknownSurveyError(survey_id)
    if survey.key != found.key:
        # Workflows ask for it by its key, and conditions compare with it.
        raise SurveyKeyTakenError(survey.key)
    return found
