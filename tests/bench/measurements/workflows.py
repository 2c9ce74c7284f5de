"""Steps of workflows that two worker processes do, among very many enrolments; what it takes to find them, and to find none."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.receivables.tables import Customer
from arfollow.workflows.jobs import work_workflows
from arfollow.workflows.operations.drafts import publish, save_draft
from arfollow.workflows.operations.positions import due_positions
from arfollow.workflows.queries.versions import latest_version
from arfollow.workflows.rules.conditions import Operator, Test
from arfollow.workflows.rules.definition import OTHERWISE, Branch, Definition, Kind, Step, Trigger
from arfollow.workflows.tables import Enrolment, StepPosition, StepRun
from tests.bench import commands
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import WHO, Site

_WORKERS, _ENROLMENTS = 2, 100_000
# Of a tiny ledger, so many for each customer; every tenth is due.
_OF_EACH, _TENTH = 100, 10
_AT_ONCE = 5_000
_PATIENCE = 300
_LOOKS = 40


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Enrols in a workflow that ends when everything is paid, and looks at the account before each step."""
    with site.writing() as session:
        count = _enrol(session, site.company_id)

    def probe() -> Taken:
        looks = [site.milliseconds(lambda: _look(site)) for _ in range(_LOOKS)]
        rate = _work(site, count // _TENTH)
        return {
            Figure("steps due: finding the next", "ms"): looks,
            Figure(f"steps done, {_WORKERS} workers", "steps/s"): [rate],
            Figure("steps due: none", "ms"): [site.milliseconds(lambda: _idle(site)) for _ in range(_LOOKS)],
        }

    yield probe


def _definition() -> Definition:
    call = {"words": {"en": {"title": "Call about what is open", "text": "Please call."}}}
    owes = Test(fact="money.owes", operator=Operator.IS, value=True)
    paths = (
        Branch(outcome="owes", condition=owes, route=(Step(key="call", kind=Kind.ACTIVITY, settings=call),)),
        Branch(outcome=OTHERWISE, route=(Step(key="thank", kind=Kind.ACTIVITY, settings=call),)),
    )
    return Definition(
        name="Many",
        trigger=Trigger(kind="by_hand"),
        goal=Test(fact="customer.closed", operator=Operator.IS, value=True),
        route=(
            Step(key="first", kind=Kind.WAIT, settings={"amount": 30}),
            Step(key="which", kind=Kind.BRANCH, branches=paths),
            Step(key="later", kind=Kind.WAIT, settings={"amount": 30}),
            Step(key="again", kind=Kind.ACTIVITY, settings=call),
        ),
    )


def _enrol(session: Session, company_id: int) -> int:
    """Enrol customers, each about many things; gives how many enrolments there are."""
    workflow_id = save_draft(session, company_id=company_id, definition=_definition(), who=WHO)
    publish(session, company_id=company_id, workflow_id=workflow_id, who=WHO)
    version = latest_version(session, workflow_id=workflow_id, published=True)
    ids = session.scalars(select(Customer.id).where(Customer.company_id == company_id)).all()
    now = clock.now()
    count = min(_ENROLMENTS, _OF_EACH * len(ids))
    for start in range(0, count, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, count))
        _insert(session, company_id, workflow_id, version.id if version else 0, ids, numbers, now)
    return count


def _insert(
    session: Session,
    company_id: int,
    workflow_id: int,
    version_id: int,
    ids: Sequence[int],
    numbers: Sequence[int],
    now: datetime,
) -> None:
    """Every tenth is due; the others are in the days to come."""
    about = {"company_id": company_id, "entered_at": now - timedelta(days=31)}
    enrolled = [
        {
            "id": 1 + each,
            "workflow_id": workflow_id,
            "version_id": version_id,
            "customer_id": ids[each % len(ids)],
            "key": str(each // len(ids)),
            "entry": 1,
            **about,
        }
        for each in numbers
    ]
    stands = [
        {
            "enrolment_id": row["id"],
            "workflow_id": workflow_id,
            "path": 0,
            "customer_id": row["customer_id"],
            "step": "first",
            "round": 1,
            "due_at": now + timedelta(minutes=row["id"] if row["id"] % _TENTH else -row["id"]),
            "watches": True,
            **about,
        }
        for row in enrolled
    ]
    session.execute(insert(Enrolment), enrolled)
    session.execute(insert(StepPosition), stands)


def _look(site: Site) -> None:
    with site.writing() as session:
        due_positions(session, company_id=site.company_id, now=clock.now())
        session.rollback()


def _idle(site: Site) -> None:
    with site.reading() as session:
        work_workflows(session)


def _work(site: Site, due: int) -> float:
    """Steps a second until so many are done, counted once every worker has had time to start."""
    site.disconnect()
    counts: list[tuple[float, int]] = []
    with ExitStack() as stack:
        for _ in range(_WORKERS):
            stack.enter_context(commands.running(site.settings, "worker", "--interval", "0.1"))
        until = time.monotonic() + _PATIENCE
        while not counts or counts[-1][1] < due:
            if time.monotonic() > until:
                break
            time.sleep(0.1)
            counts.append((time.monotonic(), _done(site)))
    begun = next(at for at in counts if at[1])
    return (counts[-1][1] - begun[1]) / (counts[-1][0] - begun[0])


def _done(site: Site) -> int:
    with site.reading() as session:
        return session.scalar(select(func.count()).select_from(StepRun)) or 0


MEASUREMENT = Measurement(name="workflows", begin=begin)
