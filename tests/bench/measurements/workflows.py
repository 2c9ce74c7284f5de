"""Steps of workflows that two worker processes do, among very many enrolments; the pages that show them; what idle workers cost."""

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
from tests.bench.databases import vacuum
from tests.bench.measuring import Figure, Measurement, Probe, Taken
from tests.bench.sites import WHO, Site

_WORKERS, _ENROLMENTS = 2, 100_000
# Of a tiny ledger, so many for each customer; every tenth is due.
_OF_EACH, _TENTH = 100, 10
_AT_ONCE = 5_000
_PATIENCE = 300
_LOOKS, _LOOKS_AT_FEW, _FEW = 40, 4, 1000
_DAY = 24 * 60
_TURN = 3
"""Seconds in which every worker looks for something to do at least once."""
_PAGES = {
    "steps due: the page of them": "?view=due",
    "workflow: the page of everybody": "",
    "workflow: everybody, by step": "?sort=step",
    "workflow: everybody, by name": "?sort=customer",
    "workflow: at one step": "?step=first",
    "workflow: second page of those who wait": "?view=waiting&page=2",
}


@contextmanager
def begin(site: Site) -> Iterator[Probe]:
    """Enrols in a workflow that ends when everything is paid, and looks at the account before each step."""
    with site.writing() as session:
        workflow_id, due = _enrol(session, site.company_id)
    vacuum(site.settings.database_url)

    looks = _LOOKS if site.setup.size.customers >= _FEW else _LOOKS_AT_FEW

    def probe() -> Taken:
        finding = [site.milliseconds(lambda: _look(site)) for _ in range(looks)]
        pages = {name: f"/workflows/{workflow_id}/customers{asked}" for name, asked in _PAGES.items()}
        shown = {
            name: _shown(site, path, looks)
            for name, path in [*pages.items(), ("workflows: the list", "/workflows")]
        }
        rate, idle = _work(site, due)
        return {
            Figure("steps due: finding the next", "ms"): finding,
            **{Figure(name, "ms"): taken for name, taken in shown.items()},
            Figure(f"steps done, {_WORKERS} workers", "steps/s"): [rate],
            Figure("steps due: none", "ms"): [site.milliseconds(lambda: _idle(site)) for _ in range(looks)],
            Figure("an idle worker", "% of a core"): [idle],
        }

    yield probe


def _shown(site: Site, path: str, looks: int) -> Sequence[float]:
    site.get(path)
    return [site.milliseconds(lambda: site.get(path)) for _ in range(looks)]


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


def _enrol(session: Session, company_id: int) -> tuple[int, int]:
    """Enrol customers, each about many things; gives the workflow, and how many are due."""
    workflow_id = save_draft(session, company_id=company_id, definition=_definition(), who=WHO)
    publish(session, company_id=company_id, workflow_id=workflow_id, who=WHO)
    version = latest_version(session, workflow_id=workflow_id, published=True)
    ids = session.scalars(select(Customer.id).where(Customer.company_id == company_id)).all()
    now = clock.now()
    count = min(_ENROLMENTS, _OF_EACH * len(ids))
    for start in range(0, count, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, count))
        _insert(session, company_id, workflow_id, version.id if version else 0, ids, numbers, now)
    return workflow_id, sum(_is_due(number, len(ids)) for number in range(count))


def _insert(
    session: Session,
    company_id: int,
    workflow_id: int,
    version_id: int,
    ids: Sequence[int],
    numbers: Sequence[int],
    now: datetime,
) -> None:
    """Every tenth is due, of each customer as many as of any other; the others are in the weeks to come."""
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
            "due_at": now + timedelta(minutes=-each if _is_due(each, len(ids)) else _DAY + each),
            "watches": True,
            **about,
        }
        for each, row in zip(numbers, enrolled, strict=True)
    ]
    session.execute(insert(Enrolment), enrolled)
    session.execute(insert(StepPosition), stands)


def _is_due(number: int, customers: int) -> bool:
    return (number + number // customers) % _TENTH == 0


def _look(site: Site) -> None:
    with site.writing() as session:
        due_positions(session, company_id=site.company_id, now=clock.now())
        session.rollback()


def _idle(site: Site) -> None:
    with site.reading() as session:
        work_workflows(session)


def _work(site: Site, due: int) -> tuple[float, float]:
    """Steps a second until so many are done, counted once every worker has had time to start; and what one costs from then on."""
    site.disconnect()
    with ExitStack() as stack:
        workers = [stack.enter_context(commands.running(site.settings, "worker")) for _ in range(_WORKERS)]
        rate = _rate(site, due)
        return rate, _share(workers, seconds=max(_TURN, site.setup.clerks_seconds / 3))


def _rate(site: Site, due: int) -> float:
    counts: list[tuple[float, int]] = []
    until = time.monotonic() + _PATIENCE
    while not counts or counts[-1][1] < due:
        if time.monotonic() > until:
            break
        time.sleep(0.1)
        counts.append((time.monotonic(), _done(site)))
    begun = next(at for at in counts if at[1])
    return (counts[-1][1] - begun[1]) / (counts[-1][0] - begun[0])


def _share(workers: Sequence[int], *, seconds: float) -> float:
    """What each of them takes of a core, once it has put away what it did."""
    time.sleep(seconds / 3)
    before = sum(map(commands.processor_seconds, workers))
    time.sleep(seconds)
    return 100 * (sum(map(commands.processor_seconds, workers)) - before) / seconds / len(workers)


def _done(site: Site) -> int:
    with site.reading() as session:
        return session.scalar(select(func.count()).select_from(StepRun)) or 0


MEASUREMENT = Measurement(name="workflows", begin=begin)
