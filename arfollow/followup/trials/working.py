"""The worker's part of trials: some customers at a time, computed while no transaction writes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from time import monotonic
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from arfollow.database import begin_write, commit
from arfollow.followup.queries.facts import facts_under
from arfollow.followup.trials.operations import TRIES, Claim, Part, add_part, claim, give_up, put_back
from arfollow.followup.trials.queries import next_customers
from arfollow.followup.trials.rules import Contact, contacts, differ, tally
from arfollow.followup.trials.terms import from_json
from arfollow.levels.queries import PlansInForce, plans_in_force
from arfollow.levels.rules.steps import PlanTerms

BATCH = 200
_STRETCH, _REST = 5, 2
"""Seconds that a worker gives to trials before it looks after everything else, and how long it then does."""

log = structlog.get_logger(__name__)


class TrialJob:
    """The job that works trials. A long one must not keep the same worker from sending."""

    def __init__(self) -> None:
        self._rests_until = 0.0

    def __call__(self, session: Session) -> None:
        """Work until nothing waits, for a stretch at most."""
        if monotonic() < self._rests_until:
            return
        end = monotonic() + _STRETCH
        while try_some(session):
            if monotonic() > end:
                self._rests_until = monotonic() + _REST
                return


def try_some(session: Session) -> bool:
    """Try a plan on the next few customers; False when there is nothing to do for this worker."""
    begin_write(session)
    taken = claim(session)
    commit(session)
    if taken is None:
        return False
    try:
        _work(session, taken)
    except OperationalError:
        # A database that was away: tried again, a few times.
        session.rollback()
        begin_write(session)
        put_back(session, taken)
        commit(session)
        raise
    except Exception:  # whatever one plan or one account brings about, other trials must go on
        log.exception("trial failed", trial=taken.trial_id)
        _give_up(session, taken)
    return True


def _work(session: Session, taken: Claim) -> None:
    if taken.tries > TRIES:
        log.error("trial failed", trial=taken.trial_id, tries=taken.tries)
        _give_up(session, taken)
        return
    part = _part(session, taken)
    session.rollback()
    session.expunge_all()
    begin_write(session)
    add_part(session, taken, part)
    commit(session)


def _give_up(session: Session, taken: Claim) -> None:
    session.rollback()
    session.expunge_all()
    begin_write(session)
    give_up(session, taken)
    commit(session)


def _part(session: Session, taken: Claim) -> Part:
    before, after = from_json(taken.before), from_json(taken.after)
    ids = next_customers(
        session,
        company_id=taken.company_id,
        plan_id=before.id,
        day=taken.day,
        after=taken.reached,
        limit=BATCH,
    )
    plans = plans_in_force(session, company_id=taken.company_id, customer_ids=ids)
    found = [
        facts_under(
            session, company_id=taken.company_id, customer_ids=ids, day=taken.day, plans=_with(plans, plan)
        )
        for plan in (before, after)
    ]
    now: Counter[str] = Counter()
    then: Counter[str] = Counter()
    different = []
    for customer_id in ids:
        is_now, would_be = (tuple(contacts(each[customer_id], first=taken.day)) for each in found)
        now.update(tally(is_now, first=taken.day))
        then.update(tally(would_be, first=taken.day))
        if differ(is_now, would_be):
            different.append({"customer": customer_id, "now": _said(is_now), "then": _said(would_be)})
    reached = ids[-1] if len(ids) == BATCH else None
    return Part(customers=len(ids), reached=reached, now=now, then=then, different=different)


def _with(plans: PlansInForce, plan: PlanTerms) -> PlansInForce:
    """The company's plans with this one in the place of what it is now."""
    return replace(plans, by_id={**plans.by_id, plan.id: plan})


def _said(made: tuple[Contact, ...]) -> list[dict[str, Any]]:
    """A customer's contacts as they are kept."""
    return [
        {"day": each.day.isoformat(), "level": each.level_id, "actions": list(each.actions)} for each in made
    ]
