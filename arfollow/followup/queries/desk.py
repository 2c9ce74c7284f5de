"""Everything that a customer's page shows beside its chatter: a fixed number of queries, however many items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from arfollow.delivery.queries import Progress, open_questions
from arfollow.followup.balances import ItemLine, Totals, item_lines, totals
from arfollow.followup.clicks import Click
from arfollow.followup.queries.customer import CompanyTerms, CustomerHead, company_terms, customer_head
from arfollow.followup.queries.facts import facts_of
from arfollow.followup.queries.messages import todo_title
from arfollow.followup.queries.recorded import Work, work
from arfollow.levels.queries.responsible import person_for
from arfollow.levels.queries.wordings import NoWordingError
from arfollow.levels.rules.facts import Facts, level_terms
from arfollow.levels.rules.outlook import Outlook, outlook
from arfollow.levels.rules.steps import LevelTerms, PlanTerms
from arfollow.levels.rules.surfacing import decide
from arfollow.receivables.queries.claims import (
    DisputeLine,
    HoldLine,
    PromiseLine,
    disputes,
    holds,
    promises,
)
from arfollow.receivables.queries.credits import CreditEntry, unapplied_credits
from arfollow.receivables.queries.items import open_items
from arfollow.tasks.queries import TaskLine, open_tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreements:
    """What keeps parts of the account from being chased. Promises: the open ones, and the latest broken one still owed.

    `broken`: the earlier broken ones still owed; `settled`: disputes that nobody resolved, about items that are paid.
    """

    holds: Sequence[HoldLine]
    disputes: Sequence[DisputeLine]
    promises: Sequence[PromiseLine]
    broken: Sequence[PromiseLine]
    settled: Sequence[DisputeLine]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.holds or self.disputes or self.promises or self.settled)

    @property
    def customer_hold(self) -> HoldLine | None:
        """The hold on the whole customer."""
        return next((hold for hold in self.holds if hold.instalment_id is None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A customer's page. `asked`: the actions that its level asks for today; `todo`: the words of its to-do, `todo_for`: the person whose it is, or empty.

    `level`: the one whose words are used, `level_position` its place in the plan from 1; 0: none was reached.
    `references`: of the open items' invoices, by item id; `undelivered`: messages that wait for somebody's decision.
    """

    head: CustomerHead
    terms: CompanyTerms
    plan: PlanTerms | None
    outlook: Outlook
    level: LevelTerms | None
    level_position: int
    asked: tuple[str, ...]
    todo: str
    todo_for: str
    totals: tuple[Totals, ...]
    lines: tuple[ItemLine, ...]
    references: Mapping[int, str]
    undelivered: tuple[Progress, ...]
    work: Work
    agreements: Agreements
    credits: Sequence[CreditEntry]
    tasks: Sequence[TaskLine]

    @property
    def level_names(self) -> tuple[str, ...]:
        """The names of the levels of the customer's plan, in order."""
        return tuple(level.name for level in self.plan.levels) if self.plan else ()

    @property
    def todo_pending(self) -> bool:
        """Whether Done has to say what becomes of the level's to-do."""
        return "todo" in self.asked and self.work.last("todo") is None


def desk(session: Session, *, company_id: int, number: str, today: date) -> Desk | None:
    """The page of the company's customer with this number on the company's today; None: there is no such customer."""
    head = customer_head(session, company_id=company_id, number=number)
    if head is None:
        return None
    of = {"company_id": company_id, "customer_id": head.card.id}
    facts = facts_of(session, company_id=company_id, customer_ids=[head.card.id], day=today)[head.card.id]
    terms = company_terms(session, company_id=company_id)
    decision = decide(facts, today)
    level = level_terms(facts, decision)
    has_todo = level is not None and "todo" in decision.actions
    person = (
        person_for(session, **of, level_id=level.id, day=today) if level is not None and has_todo else None
    )
    return Desk(
        head=head,
        terms=terms,
        plan=facts.plan,
        outlook=outlook(facts, today),
        level=level,
        level_position=facts.plan.levels.index(level) + 1 if facts.plan and level else 0,
        asked=decision.actions,
        todo=_todo(session, level, **of, day=today) if has_todo else "",
        todo_for=person.name if person else "",
        totals=totals(facts, today, borders=terms.bucket_days),
        lines=item_lines(facts, today),
        references={line.id: line.reference for line in open_items(session, **of, day=today)},
        undelivered=_undelivered(session, head.card.id) if facts.standing.undelivered else (),
        work=work(session, **of, number=head.number, today=today),
        agreements=_agreements(session, facts, company_id, head.card.id),
        credits=unapplied_credits(session, **of, day=today),
        tasks=open_tasks(session, **of) if facts.standing.task_on else (),
    )


def _undelivered(session: Session, customer_id: int) -> tuple[Progress, ...]:
    return open_questions(session, customer_ids=[customer_id]).get(customer_id, ())


def pending_todo(session: Session, click: Click, facts: Facts) -> str:
    """The to-do of whose fate Done has to say; empty: nothing was begun, or its level asks for none that is not done.

    By these facts of today, as `Desk.todo_pending` and `Desk.todo` on the customer's page.
    """
    decision = decide(facts, click.today)
    if "todo" not in decision.actions:
        return ""
    of = {"company_id": click.company_id, "customer_id": click.customer_id}
    done = work(session, **of, number=click.number, today=click.today)
    if not done.is_open or done.last("todo") is not None:
        return ""
    return _todo(session, level_terms(facts, decision), **of, day=click.today)


def todo_for(session: Session, click: Click, facts: Facts) -> int | None:
    """Whom the level's to-do is for, by these facts of today; None: nobody in particular."""
    level = level_terms(facts, decide(facts, click.today))
    if level is None:
        return None
    of = {"company_id": click.company_id, "customer_id": click.customer_id}
    person = person_for(session, **of, level_id=level.id, day=click.today)
    return person.id if person else None


def _todo(session: Session, level: LevelTerms | None, *, company_id: int, customer_id: int, day: date) -> str:
    if level is None:
        return ""
    try:
        return todo_title(session, company_id=company_id, customer_id=customer_id, day=day, level_id=level.id)
    except NoWordingError:
        return level.name


def _agreements(session: Session, facts: Facts, company_id: int, customer_id: int) -> Agreements:
    day = facts.account.as_of
    owed = {(item.invoice, item.instalment) for item in facts.account.items}
    made = promises(session, company_id=company_id, customer_id=customer_id, day=day, account=facts.account)
    broken = [each for each in made if each.state == "broken" and owed.intersection(each.items)]
    contested = disputes(session, company_id=company_id, customer_id=customer_id, day=day)
    return Agreements(
        holds=holds(session, company_id=company_id, customer_id=customer_id, day=day),
        disputes=[each for each in contested if (each.invoice, each.instalment) in owed],
        promises=[*(each for each in made if each.state == "open"), *broken[:1]],
        broken=broken[1:],
        settled=[each for each in contested if (each.invoice, each.instalment) not in owed],
    )
