"""Who is in a workflow, where, and how it went: for the pages that managers look into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.receivables.tables import Customer
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


class View(StrEnum):
    """Which of those who ever were in a workflow are shown."""

    INSIDE = "inside"
    DUE = "due"
    WAITING = "waiting"
    FAILED = "failed"
    LEFT = "left"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many each view of a workflow shows, and how many of those inside stand at each step, by its key."""

    views: Mapping[View, int]
    steps: Mapping[str, int]


def counts(session: Session, *, workflow_id: int) -> Counts:
    """Those of a workflow; customers are not read for it."""
    steps = by_step(session, workflow_id=workflow_id)
    inside = sum(steps.values())
    found, left, failed = session.execute(_COUNTS, {"workflow_id": workflow_id, "now": clock.now()}).one()
    views = {
        View.INSIDE: inside,
        View.WAITING: inside - found,
        View.DUE: found,
        View.FAILED: failed,
        View.LEFT: left,
    }
    return Counts(views=views, steps=steps)


def by_step(session: Session, *, workflow_id: int) -> Mapping[str, int]:
    """How many stand at each step of the main route, by its key; together all who are in the workflow."""
    rows = session.execute(_BY_STEP, {"workflow_id": workflow_id})
    return {step or "": count for step, count in rows if count}


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


def _stands_in(workflow_id: int | BindParameter[int]) -> tuple[ColumnElement[bool], ...]:
    """The main routes' positions of who is in the workflow: two indexes begin with these."""
    return StepPosition.workflow_id == workflow_id, StepPosition.path == 0


def _wanted_ids(workflow_id: int, wanted: Wanted) -> Select[int]:
    """Enrolments in their order, found in an index as far as it goes; what is shown of them is not read for it."""
    if wanted.view in _INSIDE:
        query = select(StepPosition.enrolment_id).where(*_stands_in(workflow_id), *_of_view(wanted.view))
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


def has_failed() -> Select[int]:
    """The enrolments that have a step which failed."""
    return select(StepRun.enrolment_id).where(StepRun.result == "failed")


def is_due() -> ColumnElement[bool]:
    """Positions that the worker is about to come to."""
    return _is_due_by(clock.now())


def _is_due_by(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    # In the words of the index of what is due, which is not used otherwise.
    return and_(StepPosition.due_at <= now, ~StepPosition.held)


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


def _counts() -> Select[int, int, int]:
    """How many are due, have left, and have failed: each a range of an index of its own, so that nobody else is looked at one by one."""
    due = select(func.count()).select_from(StepPosition)
    of_it = select(func.count()).select_from(Enrolment).where(Enrolment.workflow_id == _WORKFLOW_ID)
    return select(
        due.where(*_stands_in(_WORKFLOW_ID), _is_due_by(bindparam("now"))).scalar_subquery(),
        of_it.where(Enrolment.left_at.is_not(None)).scalar_subquery(),
        of_it.where(Enrolment.id.in_(has_failed())).scalar_subquery(),
    )


def _by_step() -> Select[str | None, int]:
    """Each step, found as the next one in the index, and how many are in its range of it; one without a name, at the end, comes last.

    To group them, either engine would compare each of a hundred thousand with the one before.
    """
    stands, step = _stands_in(_WORKFLOW_ID), StepPosition.step
    first = select(func.min(step).label("step")).where(*stands).cte("steps", recursive=True)
    following = select(func.min(step)).where(*stands, step > first.c.step).scalar_subquery()
    steps = first.union_all(select(following).where(first.c.step.is_not(None)))
    count = select(func.count()).select_from(StepPosition).where(*stands)
    at_end = count.where(step.is_(None)).scalar_subquery()
    at_step = count.where(step == steps.c.step).scalar_subquery()
    return select(steps.c.step, case((steps.c.step.is_(None), at_end), else_=at_step))


# Made once: to build them anew for each page would take longer than to run some of them.
_WORKFLOW_ID: BindParameter[int] = bindparam("workflow_id", type_=Integer())
_BY_STEP = _by_step()
_COUNTS = _counts()
_OF_IDS = _selected().where(Enrolment.id.in_(bindparam("ids", type_=Integer(), expanding=True)))
