"""What the forms of a workflow offer to choose from: real lists, people, surveys, fields and workflows of the company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.companies.tables import Company
from arfollow.profiles.tables import CustomerField, CustomerList
from arfollow.users.queries import members
from arfollow.workflows.examples import surveys
from arfollow.workflows.rules.surveys import Survey
from arfollow.workflows.surveys.queries import survey_lines
from arfollow.workflows.tables import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What there is in the company. `people`: name by e-mail address; `fields`: names, without their family."""

    currency: str = "EUR"
    language: str = "en"
    lists: Sequence[str] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    fields: Sequence[str] = ()
    workflows: Sequence[str] = ()


def choices(session: Session, *, company_id: int) -> Choices:
    """All of it, in a fixed number of statements."""
    company = session.execute(
        select(Company.currency, Company.language).where(Company.id == company_id)
    ).one()
    return Choices(
        currency=company.currency,
        language=company.language,
        lists=session.scalars(
            select(CustomerList.name).where(CustomerList.company_id == company_id).order_by(CustomerList.name)
        ).all(),
        people={each.email: each.name for each in members(session, company_id=company_id) if each.active},
        surveys={**surveys(), **_surveys(session, company_id)},
        fields=session.scalars(
            select(CustomerField.name)
            .where(CustomerField.company_id == company_id)
            .distinct()
            .order_by(CustomerField.name)
        ).all(),
        workflows=session.scalars(
            select(Workflow.name)
            .where(Workflow.company_id == company_id, Workflow.state != "retired")
            .order_by(Workflow.name)
        ).all(),
    )


def _surveys(session: Session, company_id: int) -> Mapping[str, Survey]:
    """The company's own, by key; one that comes along may have been changed."""
    found = (line.view.survey for line in survey_lines(session, company_id=company_id))
    return {survey.key: survey for survey in found}
