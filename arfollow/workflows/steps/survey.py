"""Asks the customer to answer a survey, by e-mail or by text message."""

from __future__ import annotations

from sqlalchemy.orm import Session

from arfollow.values.refusals import remark
from arfollow.workflows.steps import Doing, Done, email, sms
from arfollow.workflows.surveys.queries import UnknownSurveyError, survey_by_key


def perform(session: Session, doing: Doing) -> Done:
    """Queue the message with the link; skipped where the company has no such survey."""
    try:
        survey_by_key(session, company_id=doing.company_id, key=str(doing.step.settings["survey"]))
    except UnknownSurveyError as error:
        return Done(result="skipped", explanation=remark(error))
    if doing.step.settings.get("channel") == "sms":
        return sms.perform(session, doing)
    return email.perform(session, doing)
