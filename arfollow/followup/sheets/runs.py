"""Bulk runs and the customers of one, as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from arfollow.delivery.words import state_name
from arfollow.followup.runs import words
from arfollow.followup.runs.lines import RunLine, View, lines
from arfollow.followup.runs.queries import RunHead, past_runs
from arfollow.followup.runs.rules import RowState
from arfollow.followup.words import contact_name
from arfollow.spreadsheet import Sheet
from arfollow.web.exports import batches


def runs_sheet(session: Session, *, company_id: int) -> Sheet:
    """All runs that were started, the latest first."""
    header = (
        _("Run"),
        _("Started"),
        _("By"),
        _("State"),
        _("Customers"),
        _("E-mails"),
        _("Letters"),
        _("Marked Done"),
        _("Left out"),
        _("Failed"),
    )
    rows = (
        (
            run.head.id,
            run.head.started_at,
            run.head.who,
            words.run_state(run.head.state)[0],
            run.tally.total,
            run.tally.emails,
            run.tally.letters,
            run.tally.marked_done,
            run.tally.by_state[RowState.SKIPPED],
            run.tally.by_state[RowState.FAILED],
        )
        for run in batches(lambda number: past_runs(session, company_id=company_id, page=number))
    )
    return Sheet(name=_("Bulk runs"), header=header, rows=rows)


def run_sheet(session: Session, head: RunHead, *, view: View) -> Sheet:
    """All customers of the run's view, in the order in which they were chosen; a row for each currency that is claimed."""
    header = (
        _("Customer number"),
        _("Customer"),
        _("Level"),
        _("Gets"),
        _("Currency"),
        _("Claimed"),
        _("Stays for you"),
        _("State"),
        _("Why not"),
        _("E-mail"),
        _("Letter"),
        _("Marked Done"),
    )
    found = batches(lambda number: lines(session, run_id=head.id, view=view, page=number).lines)
    rows = (row for line in found for row in _rows(line))
    return Sheet(name=_("Bulk run %(number)s", number=head.id), header=header, rows=rows)


def _rows(line: RunLine) -> Iterator[Sequence[object]]:
    for amount in line.claimed or (None,):
        yield (
            line.number,
            line.name,
            line.level,
            ", ".join(contact_name(kind) for kind in line.sends),
            amount.currency if amount else None,
            amount,
            ", ".join(words.kind_words(kind) for kind in line.remains),
            words.row_state(line.state)[0],
            words.why_words(line.why) if line.why else None,
            state_name(line.email.state) if line.email else None,
            state_name(line.letter.state) if line.letter else None,
            _("yes") if line.marked_done else _("no"),
        )
