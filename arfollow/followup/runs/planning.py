"""What a run would do with many customers: a fixed number of queries for each batch of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from arfollow import clock
from arfollow.companies.tables import Company
from arfollow.delivery.operations.letters import GONE
from arfollow.delivery.rules import State
from arfollow.delivery.tables import Delivery
from arfollow.followup.operations.recording import MONEY_MESSAGES
from arfollow.followup.queries.facts import facts_of
from arfollow.followup.queries.presence import GONE_AFTER
from arfollow.followup.runs.rules import Planned, Prospect, Why, plan
from arfollow.followup.tables import CustomerState, FollowUp, Presence, RecordedAction
from arfollow.levels.rules.facts import Facts
from arfollow.receivables.queries.customers import CustomerCard, cards_of
from arfollow.users.tables import User

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCustomer:
    """A customer, the number of its present follow-up, and what it gets. `by`: whose doing it is that it gets nothing."""

    customer_id: int
    number: int
    planned: Planned
    by: str = ""


def plans_of(
    session: Session, *, company_id: int, customer_ids: Sequence[int], day: date, but_user_id: int
) -> Iterator[PlannedCustomer]:
    """What each customer of the company gets on its today, in the given order; ids of others are left out.

    `but_user_id`: whose own open pages do not matter.
    """
    for start in range(0, len(customer_ids), _BATCH):
        batch = customer_ids[start : start + _BATCH]
        yield from _plans(session, company_id, batch, day, but_user_id)


def _plans(
    session: Session, company_id: int, batch: Sequence[int], day: date, but_user_id: int
) -> Iterator[PlannedCustomer]:
    cards = cards_of(session, company_id=company_id, customer_ids=batch)
    ids = [each for each in batch if each in cards]
    facts = facts_of(session, company_id=company_id, customer_ids=ids, day=day)
    has_sender = bool(session.scalar(select(Company.email).where(Company.id == company_id)))
    around = _Around(
        recorded=_recorded(session, ids),
        writers=_writers(session, ids, day),
        visitors=_visitors(session, ids, but_user_id),
        numbers=_numbers(session, ids),
    )
    for customer_id in ids:
        prospect = _prospect(cards[customer_id], facts[customer_id], around, has_sender=has_sender)
        planned = plan(prospect, day)
        yield PlannedCustomer(
            customer_id=customer_id,
            number=around.numbers.get(customer_id, 1),
            planned=planned,
            by=around.whose(customer_id, planned.why),
        )


@dataclass(frozen=True, slots=True)
class _Recorded:
    """The kinds of action that an open follow-up has, by whether the latest of the kind is still good."""

    good: frozenset[str] = frozenset()
    taken_back: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What others do with the customers of a batch, by customer."""

    recorded: Mapping[int, _Recorded]
    writers: Mapping[int, str]
    visitors: Mapping[int, str]
    numbers: Mapping[int, int]

    def whose(self, customer_id: int, why: Why | None) -> str:
        """Whose doing the obstacle is."""
        names = {Why.OPENED: self.visitors, Why.WRITTEN: self.writers}
        return names[why].get(customer_id, "") if why in names else ""


def _prospect(card: CustomerCard, facts: Facts, around: _Around, *, has_sender: bool) -> Prospect:
    postal, recorded = card.postal_address, around.recorded.get(card.id, _Recorded())
    return Prospect(
        facts=facts,
        has_email=bool(card.mailbox.email),
        has_street=bool(postal.street and postal.city),
        has_sender=has_sender,
        recorded=recorded.good,
        taken_back=recorded.taken_back,
        written_to=card.id in around.writers,
        is_open_elsewhere=card.id in around.visitors,
    )


def _numbers(session: Session, ids: Sequence[int]) -> Mapping[int, int]:
    numbers = select(CustomerState.customer_id, CustomerState.number)
    return dict(session.execute(numbers.where(CustomerState.customer_id.in_(ids))).all())


def _recorded(session: Session, ids: Sequence[int]) -> Mapping[int, _Recorded]:
    rows = session.execute(
        select(RecordedAction.customer_id, RecordedAction.kind, Delivery.state)
        .join(FollowUp, and_(FollowUp.id == RecordedAction.follow_up_id, FollowUp.done_on.is_(None)))
        .outerjoin(Delivery, Delivery.id == RecordedAction.delivery_id)
        .where(RecordedAction.customer_id.in_(ids))
        .order_by(RecordedAction.id)
    )
    latest: defaultdict[int, dict[str, bool]] = defaultdict(dict)
    for customer_id, kind, state in rows:
        latest[customer_id][kind] = state not in GONE
    found = {}
    for customer_id, kinds in latest.items():
        good = frozenset(kind for kind, is_good in kinds.items() if is_good)
        # A letter that is not good any more makes room for another; a second e-mail under the same key there is not.
        found[customer_id] = _Recorded(good, frozenset(kinds) - good - {"letter"})
    return found


def _writers(session: Session, ids: Sequence[int], day: date) -> Mapping[int, str]:
    """By whom a money message was recorded today, or one that is still on its way was queued: one a day is enough."""
    moving = select(Delivery.customer_id, Delivery.queued_by).where(
        Delivery.customer_id.in_(ids), Delivery.state.in_((State.QUEUED, State.SENDING))
    )
    recorded = (
        select(RecordedAction.customer_id, RecordedAction.recorded_by)
        .outerjoin(Delivery, Delivery.id == RecordedAction.delivery_id)
        .where(
            RecordedAction.customer_id.in_(ids),
            RecordedAction.kind.in_(MONEY_MESSAGES),
            RecordedAction.recorded_on == day,
            Delivery.state.is_(None) | Delivery.state.not_in(GONE),
        )
    )
    return {
        customer_id: who
        for found in (moving, recorded)
        for customer_id, who in session.execute(found)
        if customer_id is not None
    }


def _visitors(session: Session, ids: Sequence[int], but_user_id: int) -> Mapping[int, str]:
    rows = session.execute(
        select(Presence.customer_id, User.name)
        .join(User, User.id == Presence.user_id)
        .where(
            Presence.customer_id.in_(ids),
            Presence.user_id != but_user_id,
            Presence.seen_at > clock.now() - GONE_AFTER,
        )
        .order_by(User.name)
    )
    names: defaultdict[int, list[str]] = defaultdict(list)
    for customer_id, name in rows:
        names[customer_id].append(name)
    return {customer_id: ", ".join(found) for customer_id, found in names.items()}
