"""The tables of workflows as files."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.spreadsheet import Sheet
from arfollow.web.refusals import said
from arfollow.workflows.queries.enrolment import EnrolmentView, Happened
from arfollow.workflows.queries.inspecting import Wanted, every_enrolled
from arfollow.workflows.rules.definition import Step
from arfollow.workflows.words.sentences import step_name
from arfollow.workflows.words.standing import known_words, left_words, result_state, way_words


def enrolled_sheet(
    session: Session, *, workflow_id: int, name: str, wanted: Wanted, steps: Mapping[str, Step]
) -> Sheet:
    """All who are wanted of a workflow. `steps`: of its versions, by key."""
    header = (
        _("Customer number"),
        _("Customer"),
        _("About"),
        _("Stands at"),
        _("Next"),
        _("Entered"),
        _("Version"),
        _("Failed steps"),
        _("Left"),
        _("Because"),
    )
    rows = (
        (
            each.number,
            each.customer,
            each.key,
            step_name(steps[each.step]) if each.step and each.step in steps else each.step,
            each.due_at,
            each.entered_at,
            each.version,
            each.failed,
            each.left_at,
            left_words(each.reason) if each.left_at else "",
        )
        for each in every_enrolled(session, workflow_id=workflow_id, wanted=wanted)
    )
    return Sheet(name=_("Workflow %(name)s", name=name), header=header, rows=rows)


def history_sheet(view: EnrolmentView) -> Sheet:
    """Everything that an enrolment did, the latest first."""
    header = (_("When"), _("Step"), _("Round"), _("What became of it"), _("Why"), _("Delivery"), _("Task"))
    rows = (
        (
            each.at,
            step_name(each.step) if each.step else each.key,
            each.round,
            outcome_words(each, view.currency),
            why_words(each, view.currency),
            each.delivery_id,
            each.task or None,
        )
        for each in view.history
    )
    return Sheet(name=_("Workflow %(name)s", name=f"{view.workflow}-{view.number}"), header=header, rows=rows)


def outcome_words(each: Happened, currency: str) -> str:
    """What became of a step, or which way was taken."""
    if each.is_turn:
        return str(_("went on: %(way)s", way=way_words(each.step, each.outcome, currency)))
    return result_state(each.result)[0]


def why_words(each: Happened, currency: str) -> str:
    """What explains it: the facts that decided, or what the step said."""
    if each.is_turn:
        return " · ".join(known_words(name, value, currency) for name, value in (each.facts or {}).items())
    return said(each.explanation)
