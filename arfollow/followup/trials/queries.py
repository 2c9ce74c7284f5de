"""Reads of trials, and of the customers that a plan is tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from arfollow.followup.trials.rules import DAYS, WEEK
from arfollow.followup.trials.tables import PlanTrial
from arfollow.followup.trials.terms import from_json
from arfollow.levels.queries.plans import customer_ids_query
from arfollow.levels.rules.steps import PlanTerms
from arfollow.receivables.queries.names import names_of_customers
from arfollow.receivables.tables import Customer, Instalment
from arfollow.values.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A contact that would be made; `level` empty: none was reached."""

    day: date
    level: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A customer whose contacts differ."""

    number: str
    name: str
    now: tuple[Planned, ...]
    then: tuple[Planned, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Contacts of a week or of a level: of the plan as it is, and as it would be; by action, and in all as `contacts`."""

    name: str
    first: date | None
    last: date | None
    now: Mapping[str, int]
    then: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A trial as far as it has come. `is_same`: the plan was tried as it is. `claimed`: by currency, now and then.

    `failed`: it ended without having been worked out.
    """

    id: int
    plan: PlanTerms
    after: PlanTerms
    is_same: bool
    day: date
    last_day: date
    customers: int
    done: int
    finished_at: datetime | None
    failed: bool
    now: Mapping[str, int]
    then: Mapping[str, int]
    weeks: tuple[Share, ...]
    levels: tuple[Share, ...]
    claimed: tuple[tuple[Money, Money], ...]
    different: tuple[Differing, ...]
    different_count: int


def customers_query(session: Session, *, company_id: int, plan_id: int, day: date) -> Select[int]:
    """Selects the plan's customers that owe anything, by id."""
    is_open = or_(Instalment.settled_on.is_(None), Instalment.settled_on > day)
    owing = select(Instalment.customer_id).where(Instalment.company_id == company_id, is_open)
    return customer_ids_query(session, company_id=company_id, plan_id=plan_id).where(Customer.id.in_(owing))


def count_customers(session: Session, *, company_id: int, plan_id: int, day: date) -> int:
    """How many customers the plan would be tried on."""
    wanted = customers_query(session, company_id=company_id, plan_id=plan_id, day=day).subquery()
    return session.scalar(select(func.count()).select_from(wanted)) or 0


def next_customers(
    session: Session, *, company_id: int, plan_id: int, day: date, after: int, limit: int
) -> Sequence[int]:
    """The first of them with ids above `after`."""
    wanted = customers_query(session, company_id=company_id, plan_id=plan_id, day=day)
    return session.scalars(wanted.where(Customer.id > after).order_by(Customer.id).limit(limit)).all()


def find_trial(session: Session, *, company_id: int, trial_id: int) -> Trial | None:
    """The trial; None when the company has none with this id."""
    row = session.scalar(
        select(PlanTrial).where(PlanTrial.id == trial_id, PlanTrial.company_id == company_id)
    )
    if row is None:
        return None
    before, after = from_json(row.before), from_json(row.after)
    return Trial(
        id=row.id,
        plan=before,
        after=after,
        is_same=before == after,
        day=row.day,
        last_day=row.day + timedelta(days=DAYS - 1),
        customers=row.customers,
        done=row.done,
        finished_at=row.finished_at,
        failed=row.failed,
        now=row.now,
        then=row.then,
        weeks=_weeks(row),
        levels=_levels(row, before, after),
        claimed=_claimed(row.now, row.then),
        different=_different(session, row, before, after),
        different_count=row.different_count,
    )


def _weeks(row: PlanTrial) -> tuple[Share, ...]:
    last_day = row.day + timedelta(days=DAYS - 1)
    return tuple(
        Share(
            name="",
            first=row.day + timedelta(days=start),
            last=min(row.day + timedelta(days=start + WEEK - 1), last_day),
            now=_starting(row.now, f"week:{start // WEEK}:"),
            then=_starting(row.then, f"week:{start // WEEK}:"),
        )
        for start in range(0, DAYS, WEEK)
    )


def _levels(row: PlanTrial, before: PlanTerms, after: PlanTerms) -> tuple[Share, ...]:
    names: dict[int | None, str] = {level.id: level.name for level in (*after.levels, *before.levels)}
    names |= {level.id: level.name for level in after.levels}
    found = [
        Share(
            name=name,
            first=None,
            last=None,
            now=_starting(row.now, f"level:{id_}:"),
            then=_starting(row.then, f"level:{id_}:"),
        )
        for id_, name in [*names.items(), (None, "")]
    ]
    return tuple(each for each in found if each.name or each.now or each.then)


def _starting(counts: Mapping[str, int], start: str) -> dict[str, int]:
    return {key.removeprefix(start): count for key, count in counts.items() if key.startswith(start)}


def _claimed(now: Mapping[str, int], then: Mapping[str, int]) -> tuple[tuple[Money, Money], ...]:
    before, after = _starting(now, "claimed:"), _starting(then, "claimed:")
    return tuple(
        (Money(currency, before.get(currency, 0)), Money(currency, after.get(currency, 0)))
        for currency in sorted({*before, *after})
    )


def _different(
    session: Session, row: PlanTrial, before: PlanTerms, after: PlanTerms
) -> tuple[Differing, ...]:
    names = names_of_customers(session, row.company_id, [each["customer"] for each in row.different])
    found = (
        Differing(
            number=names[each["customer"]].number,
            name=names[each["customer"]].name,
            now=_planned(each["now"], before),
            then=_planned(each["then"], after),
        )
        for each in row.different
        if each["customer"] in names
    )
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.number)))


def _planned(kept: Sequence[Mapping[str, object]], plan: PlanTerms) -> tuple[Planned, ...]:
    levels = {level.id: level.name for level in plan.levels}
    return tuple(
        Planned(
            day=date.fromisoformat(str(each["day"])),
            level=next((name for id_, name in levels.items() if id_ == each["level"]), ""),
            actions=tuple(map(str, each["actions"])) if isinstance(each["actions"], list) else (),
        )
        for each in kept
    )
