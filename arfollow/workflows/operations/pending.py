"""What a batch has done and not written yet: whole tables at once cost a fraction of a statement a step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from arfollow.workflows.operations.positions import stands_at
from arfollow.workflows.queries.standing import as_kept
from arfollow.workflows.rules.engine import Position
from arfollow.workflows.tables import StepPosition, StepRun, StepTurn

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pending:
    """Turns, step runs and where positions stand now. Before anybody may look at one of these customers, it is written."""

    turns: list[Row] = field(default_factory=list)
    runs: list[Row] = field(default_factory=list)
    stands: list[Row] = field(default_factory=list)
    of: set[int] = field(default_factory=set)
    """The customers whom it is about."""

    def stand(
        self,
        position: StepPosition,
        at: Position,
        *,
        due_at: datetime | None,
        waits_since: datetime | None = None,
    ) -> None:
        """Let it stand there, and be asked again then; where it stood already, it waits as it did."""
        if waits_since is None and stands_at(position, at.step, at.round):
            waits_since = position.waits_since
        self.of.add(position.customer_id)
        self.stands.append(
            {
                "id": position.id,
                "step": at.step,
                "round": at.round,
                "entered_at": at.entered_at,
                "ran": as_kept(at),
                "took": dict(at.took),
                "due_at": due_at,
                "waits_since": waits_since,
            }
        )

    def write(self, session: Session) -> None:
        """Write it, a statement a table, after the tasks that it names."""
        session.flush()
        if self.turns:
            session.execute(insert(StepTurn), self.turns)
        if self.runs:
            session.execute(insert(StepRun), self.runs)
        if self.stands:
            session.execute(update(StepPosition), self.stands)
        self.clear()

    def clear(self) -> None:
        """Forget it."""
        for rows in (self.turns, self.runs, self.stands, self.of):
            rows.clear()
