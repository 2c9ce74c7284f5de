"""Who is in a workflow, where, and how it went: for the pages that managers look into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from arfollow.receivables.tables import Customer
from arfollow.workflows.queries.counting import Counts, View, has_failed, is_due, stands_in
from arfollow.workflows.tables import (
    Enrolment,
    StepPosition,
    StepRun,
    Workflow,
    WorkflowVersion,
)

PAGE_SIZE = 50
_BATCH = 500
_MAIN = and_(StepPosition.enrolment_id == Enrolment.id, StepPosition.path == 0)
"""Where the main route of an enrolment stands."""


_INSIDE = frozenset({View.INSIDE, View.DUE, View.WAITING})
"""Views of those who are in it: all of them stand somewhere."""


class Sort(StrEnum):
    """What they are sorted by; ties by when they entered."""

    DUE = "due"
    CUSTOMER = "customer"
    STEP = "step"
    ENTERED = "entered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of a workflow's enrolments a page shows. `step`: those who stand there; `text`: in the customer's name or number."""

    view: View = View.INSIDE
    step: str = ""
    text: str = ""
    sort: Sort = Sort.DUE
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Somebody in a workflow. `step`: the key of that at which the main route stands; None: at the end, or left."""

    id: int
    customer: str
    number: str
    key: str
    version_id: int
    version: int
    step: str | None
    entered_at: datetime
    due_at: datetime | None
    held: bool
    left_at: datetime | None
    reason: str
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledPage:
    """One page of them; `first` and `last` count from 1 and are 0 when there are none."""

    rows: tuple[Enrolled, ...]
    first: int
    last: int
    total: int


def enrolled(
    session: Session, *, workflow_id: int, wanted: Wanted, page: int, counted: Counts
) -> EnrolledPage:
    """The page (from 1) of those wanted; one beyond the last is empty. `counted`: what `counts` gave."""
    query = _wanted_ids(workflow_id, wanted)
    total = _total(session, query, wanted, counted)
    ids = session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    rows = tuple(map(_enrolled, _of_ids(session, ids)))
    first = (page - 1) * PAGE_SIZE + 1 if rows else 0
    return EnrolledPage(rows=rows, first=first, last=first + len(rows) - 1 if rows else 0, total=total)


def _total(session: Session, query: Select[int], wanted: Wanted, counted: Counts) -> int:
    if wanted.text or (wanted.step and wanted.view is not View.INSIDE):
        return session.scalars(select(func.count()).select_from(query.order_by(None).subquery())).one()
    return counted.steps.get(wanted.step, 0) if wanted.step else counted.views[wanted.view]


def every_enrolled(session: Session, *, workflow_id: int, wanted: Wanted) -> Iterator[Enrolled]:
    """All of those wanted, in their order, read a few hundred at a time."""
    ids = session.scalars(_wanted_ids(workflow_id, wanted)).all()
    for start in range(0, len(ids), _BATCH):
        yield from map(_enrolled, _of_ids(session, ids[start : start + _BATCH]))


def workflows_of(
    session: Session, *, company_id: int, customer_id: int
) -> Sequence[tuple[Enrolled, int, str]]:
    """What the customer is in now, with each workflow's id and name."""
    query = (
        _selected()
        .add_columns(Workflow.id.label("workflow_id"), Workflow.name.label("workflow"))
        .join(Workflow, Workflow.id == Enrolment.workflow_id)
        .where(
            Enrolment.customer_id == customer_id,
            Enrolment.company_id == company_id,
            Enrolment.left_at.is_(None),
        )
        .order_by(Enrolment.id)
    )
    return [(_enrolled(row), row.workflow_id, row.workflow) for row in session.execute(query)]


def _selected() -> Select[*tuple[Any, ...]]:
    failures = select(func.count()).where(StepRun.enrolment_id == Enrolment.id, StepRun.result == "failed")
    return (
        select(
            Enrolment.id,
            Customer.name,
            Customer.number,
            Enrolment.key,
            Enrolment.version_id,
            WorkflowVersion.number.label("version"),
            StepPosition.step,
            StepPosition.due_at,
            StepPosition.held,
            Enrolment.entered_at,
            Enrolment.left_at,
            Enrolment.reason,
            failures.scalar_subquery().label("failed"),
        )
        .join(Customer, Customer.id == Enrolment.customer_id)
        .join(WorkflowVersion, WorkflowVersion.id == Enrolment.version_id)
        .outerjoin(StepPosition, _MAIN)
    )


def _of_ids(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    """What is shown of them, in the order of the ids; not of those who went meanwhile."""
    found = {row.id: row for row in session.execute(_OF_IDS, {"ids": ids})}
    return [found[each] for each in ids if each in found]


def _wanted_ids(workflow_id: int, wanted: Wanted) -> Select[int]:
    """Enrolments in their order, found in an index as far as it goes; what is shown of them is not read for it."""
    if wanted.view in _INSIDE:
        query = select(StepPosition.enrolment_id).where(*stands_in(workflow_id), *_of_view(wanted.view))
        customer_id = StepPosition.customer_id
    else:
        query = select(Enrolment.id).outerjoin(StepPosition, _MAIN)
        query = query.where(Enrolment.workflow_id == workflow_id, *_of_view(wanted.view))
        customer_id = Enrolment.customer_id
    if wanted.step:
        query = query.where(StepPosition.step == wanted.step)
    if wanted.text or wanted.sort is Sort.CUSTOMER:
        query = query.join(Customer, Customer.id == customer_id)
    for word in wanted.text.split():
        query = query.where(
            or_(
                Customer.name.icontains(word, autoescape=True),
                Customer.number.icontains(word, autoescape=True),
            )
        )
    return query.order_by(*_order(wanted))


def _of_view(view: View) -> list[ColumnElement[bool]]:
    match view:
        case View.LEFT:
            return [Enrolment.left_at.is_not(None)]
        case View.FAILED:
            return [Enrolment.id.in_(has_failed())]
        case View.DUE:
            return [is_due()]
        case View.WAITING:
            return [or_(not_(is_due()), StepPosition.due_at.is_(None))]
        case _:
            return []


def _order(wanted: Wanted) -> list[ColumnElement[Any]]:
    if wanted.view is View.LEFT and wanted.sort in (Sort.DUE, Sort.STEP):
        # They stand nowhere any more: who left last comes first.
        return [Enrolment.left_at.desc(), Enrolment.id.desc()]
    entered = StepPosition.enrolment_id if wanted.view in _INSIDE else Enrolment.id
    first: dict[Sort, Any] = {Sort.CUSTOMER: func.lower(Customer.name), Sort.STEP: StepPosition.step}
    if wanted.sort is Sort.ENTERED:
        return [entered.desc() if wanted.descending else entered.asc()]
    column = first.get(wanted.sort, StepPosition.due_at)
    # Who only waits for something to happen is due as late as can be; so the indexes have it, on either engine.
    if wanted.descending:
        return [column.desc().nulls_first(), entered.desc()]
    return [column.asc().nulls_last(), entered.asc()]


def _enrolled(row: Any) -> Enrolled:
    return Enrolled(
        id=row.id,
        customer=row.name,
        number=row.number,
        key=row.key,
        version_id=row.version_id,
        version=row.version,
        step=row.step,
        entered_at=row.entered_at,
        due_at=row.due_at,
        held=bool(row.held),
        left_at=row.left_at,
        reason=row.reason,
        failed=row.failed,
    )


# Made once: to build it anew for each page would take longer than to run it.
_OF_IDS = _selected().where(Enrolment.id.in_(bindparam("ids", type_=Integer(), expanding=True)))
