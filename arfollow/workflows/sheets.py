"""The tables of workflows as files."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from arfollow.spreadsheet import Sheet
from arfollow.workflows.queries.listing import WorkflowRow
from arfollow.workflows.rules.timeline import Row
from arfollow.workflows.words.kinds import LOOKS
from arfollow.workflows.words.names import state_name
from arfollow.workflows.words.sentences import step_name, trigger_words


def workflows_sheet(rows: Sequence[WorkflowRow]) -> Sheet:
    """The company's workflows."""
    header = (
        _("Workflow"),
        _("State"),
        _("What enrols a customer"),
        _("Version"),
        _("In it now"),
        _("Waiting"),
        _("Failed"),
        _("Finished in 30 days"),
        _("Last change"),
        _("By"),
    )
    return Sheet(
        name=_("Workflows"),
        header=header,
        rows=(
            (
                each.name,
                state_name(each.state),
                trigger_words(each.definition.trigger),
                each.number,
                each.standing.enrolled,
                each.standing.waiting,
                each.standing.failed,
                each.standing.finished,
                each.changed_at,
                each.changed_by,
            )
            for each in rows
        ),
    )


def timeline_sheet(name: str, rows: Sequence[Row]) -> Sheet:
    """The days of a workflow's route."""
    header = (
        _("Days from the start"),
        _("What happens"),
        _("Kind of step"),
        _("On the path"),
        _("Days between"),
    )
    return Sheet(
        name=name,
        header=header,
        rows=(
            (
                each.day,
                step_name(each.step),
                str(LOOKS[each.step.kind].name),
                " / ".join(each.path),
                each.between,
            )
            for each in rows
        ),
    )
