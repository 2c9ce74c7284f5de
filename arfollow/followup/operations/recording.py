"""Recording an action: it opens the follow-up and freezes what it is about."""

from __future__ import annotations

from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from arfollow.database import touch
from arfollow.followup.clicks import Click, DoneTakenBackError, OutdatedError
from arfollow.followup.queries.facts import facts_of
from arfollow.followup.tables import CustomerState, FollowUp, FollowUpItem, RecordedAction
from arfollow.levels.rules.explaining import explain
from arfollow.levels.rules.facts import Facts, level_terms
from arfollow.levels.rules.surfacing import decide
from arfollow.receivables.operations.lookup import lock_customer

MONEY_MESSAGES = frozenset({"email", "letter"})

# Made once: to build them anew would take longer than to run them.
_STATE = (
    select(CustomerState)
    .where(CustomerState.customer_id == bindparam("customer_id", type_=Integer()))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_OPEN = select(FollowUp).where(
    FollowUp.customer_id == bindparam("customer_id", type_=Integer()),
    FollowUp.number == bindparam("number", type_=Integer()),
    FollowUp.done_on.is_(None),
)


def lock(session: Session, click: Click) -> CustomerState:
    """The customer's state, held until the transaction ends; raise OutdatedError when the click is of an older page.

    The customer is locked before, as by imports, payments and erasure: what was read of it stays true until then.
    """
    lock_customer(session, company_id=click.company_id, customer_id=click.customer_id)
    state = _locked_state(session, click) or _first_state(session, click)
    if click.number > state.number:
        raise DoneTakenBackError
    if state.number != click.number:
        finished = select(FollowUp).where(
            FollowUp.customer_id == click.customer_id, FollowUp.number == click.number
        )
        done = session.scalars(finished).one_or_none()
        raise OutdatedError(done.done_by if done else "", done.done_on if done else None)
    return state


def _locked_state(session: Session, click: Click) -> CustomerState | None:
    return session.scalars(_STATE, {"customer_id": click.customer_id}).one_or_none()


def _first_state(session: Session, click: Click) -> CustomerState:
    state = CustomerState(customer_id=click.customer_id, company_id=click.company_id, number=1)
    session.add(state)
    session.flush()
    return state


def open_follow_up(session: Session, click: Click) -> FollowUp | None:
    """The customer's follow-up that was begun and is not Done; None if no action is recorded yet."""
    return session.scalars(_OPEN, {"customer_id": click.customer_id, "number": click.number}).one_or_none()


def record_action(
    session: Session,
    click: Click,
    *,
    kind: str,
    level_id: int | None = None,
    delivery_id: int | None = None,
    document: str = "",
    facts: Facts | None = None,
) -> RecordedAction:
    """Record that an action was taken; raise OutdatedError.

    The first one of a listed customer opens the follow-up and freezes the items due that day with the levels that they
    go to. Off the list it is recorded and moves no level; a money message then still counts for the contact gap.
    `facts`: what decides about the customer, where it was read since it was locked.
    """
    state = lock(session, click)
    follow_up = open_follow_up(session, click) or _begin(session, click, facts or facts_for(session, click))
    action = RecordedAction(
        company_id=click.company_id,
        customer_id=click.customer_id,
        follow_up_id=follow_up.id if follow_up else None,
        kind=kind,
        recorded_on=click.today,
        recorded_by=click.who,
        level_id=level_id,
        delivery_id=delivery_id,
        document=document,
    )
    session.add(action)
    if follow_up is not None:
        follow_up.last_action_on = click.today
    elif kind in MONEY_MESSAGES:
        state.last_message_on = click.today
    state.last_contact_on, state.last_contact_kind = click.today, kind
    touch(session, [click.customer_id])
    return action


def level_in_use(session: Session, click: Click) -> int | None:
    """The level whose words are used: the open follow-up's, else today's; None where no level was reached."""
    follow_up = open_follow_up(session, click)
    if follow_up is not None:
        return follow_up.level_id
    facts = facts_for(session, click)
    level = level_terms(facts, decide(facts, click.today))
    return level.id if level else None


def is_followed(session: Session, click: Click, facts: Facts) -> bool:
    """Whether an action belongs to a follow-up: one is open, or by these facts the customer is on today's list."""
    return open_follow_up(session, click) is not None or decide(facts, click.today).listed


def facts_for(session: Session, click: Click) -> Facts:
    """What decides about the click's customer today."""
    found = facts_of(session, company_id=click.company_id, customer_ids=[click.customer_id], day=click.today)
    return found[click.customer_id]


def _begin(session: Session, click: Click, facts: Facts) -> FollowUp | None:
    decision = decide(facts, click.today)
    if not decision.listed:
        return None
    level = level_terms(facts, decision)
    follow_up = FollowUp(
        company_id=click.company_id,
        customer_id=click.customer_id,
        number=click.number,
        reason=explain(facts, click.today).code.value,
        level_id=level.id if level else None,
        opened_on=click.today,
        last_action_on=click.today,
    )
    session.add(follow_up)
    session.flush()
    levels = facts.plan.levels if facts.plan else ()
    session.add_all(
        FollowUpItem(
            follow_up_id=follow_up.id, instalment_id=step.chased.item.id, level_id=levels[step.to].id
        )
        for step in decision.steps
    )
    return follow_up
