"""How the demo's clerks work the list: what they send, write, agree on, put off."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.delivery.operations import AlreadyQueuedError
from arfollow.demo.ledger import Account, apply
from arfollow.demo.names import Habit
from arfollow.followup.actions.email import NoAddressError, send_email
from arfollow.followup.actions.letter import confirm_posted, prepare_letter, print_letter, render
from arfollow.followup.actions.todo import do_todo
from arfollow.followup.clicks import Click
from arfollow.followup.operations.agreeing import dispute_items, promise_items
from arfollow.followup.operations.done import mark_done
from arfollow.followup.operations.recording import facts_for, open_follow_up
from arfollow.followup.operations.reminding import do_later, log_call, remind_manually, write_note
from arfollow.followup.tables import CustomerState, ListRow, RecordedAction
from arfollow.receivables.operations.holds import set_hold
from arfollow.receivables.queries.credits import unapplied_credits
from arfollow.receivables.queries.items import open_items
from arfollow.statements.rules import NothingToClaimError
from arfollow.tasks.operations import add_task, do_task
from arfollow.tasks.queries import open_tasks
from arfollow.values.workdays import next_working_day

# How often, of all customers worked.
_PUT_OFF = 0.06
_NOTED = 0.12
_ASKS_FOR_COPIES = 0.06
_CALLED_AGAIN = 0.05
_PROMISES = 0.7

# In minor units: a small item is disputed as a whole.
_SMALL = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of the day's list, as the clerk meets it."""

    account: Account
    click: Click
    code: str
    actions: tuple[str, ...]


def listed(
    session: Session, company_id: int, accounts: list[Account], names: dict[int, str], day: date
) -> list[Listed]:
    """Everybody who needs action, most urgent first; `names`: the clerks by id."""
    by_id = {account.customer_id: account for account in accounts}
    rows = session.execute(
        select(ListRow, CustomerState.number)
        .outerjoin(CustomerState, CustomerState.customer_id == ListRow.customer_id)
        .where(ListRow.company_id == company_id, ListRow.status == "action")
        .order_by(ListRow.band, ListRow.oldest_due_on, ListRow.customer_id)
    )
    return [
        Listed(
            account=by_id[row.customer_id],
            click=Click(
                company_id=company_id,
                customer_id=row.customer_id,
                number=number or 1,
                who=names[row.responsible_id or min(names)],
                user_id=row.responsible_id,
                today=day,
            ),
            code=row.reason,
            actions=tuple(row.actions),
        )
        for row, number in rows
    ]


def contact(session: Session, row: Listed, random: Random) -> bool:
    """Write to a customer as its clerk would, or apply its cash, or put it off; whether it is still to be talked to."""
    if row.code == "undelivered" or _apply_cash(session, row):
        # What cash leaves of a debt is looked at when the customer is next listed.
        return False
    if random.random() < _PUT_OFF:
        do_later(
            session, row.click, back_on=next_working_day(row.click.today + timedelta(days=2), country="DE")
        )
        return False
    _send(session, row)
    return True


def finish(session: Session, row: Listed, random: Random) -> None:
    """Talk to the customer where that is due, note what was said, mark it Done."""
    _talk(session, row, random)
    _finish(session, row, random)


def post_letters(session: Session, *, company_id: int, on: date, who: str) -> None:
    """Take all printed letters to the post."""
    waiting = session.scalars(
        select(RecordedAction.delivery_id).where(
            RecordedAction.company_id == company_id,
            RecordedAction.kind == "letter",
            RecordedAction.posted_on.is_(None),
        )
    ).all()
    if waiting:
        confirm_posted(
            session,
            company_id=company_id,
            delivery_ids=[each for each in waiting if each is not None],
            on=on,
            who=who,
        )


def _send(session: Session, row: Listed) -> None:
    if "email" in row.actions:
        with suppress(NoAddressError, NothingToClaimError, AlreadyQueuedError):
            send_email(session, row.click)
    if "letter" in row.actions or ("email" in row.actions and not row.account.debtor.has_email):
        with suppress(NothingToClaimError):
            facts = prepare_letter(session, row.click)
            print_letter(session, row.click, facts=facts, pdf=render(facts))


def _talk(session: Session, row: Listed, random: Random) -> None:
    """What is said on the telephone, where there is a call to make, and what comes of it."""
    habit, click = row.account.debtor.habit, row.click
    due = open_tasks(session, company_id=click.company_id, customer_id=click.customer_id)
    for task in due:
        if task.due_on <= click.today:
            do_task(
                session,
                company_id=click.company_id,
                customer_id=click.customer_id,
                task_id=task.id,
                outcome="Sent",
                on=click.today,
                who=click.who,
            )
    if "todo" in row.actions:
        do_todo(session, click, outcome="Reached", text=_SAID.get(habit, "They will look into it."))
    elif row.code in ("promise_broken", "manual", "review", "task") or open_follow_up(session, click) is None:
        log_call(session, click, outcome="Reached", text=_SAID.get(habit, "Friendly talk; they will check."))
    if habit in (Habit.KEEPS_WORD, Habit.BREAKS_WORD) and random.random() < _PROMISES:
        _promise(session, row)
    if habit is Habit.DISPUTES:
        _dispute(session, row)
    if habit is Habit.INSOLVENT and row.code in ("review", "level") and "todo" in row.actions:
        set_hold(
            session,
            company_id=click.company_id,
            customer_id=click.customer_id,
            reason="Insolvency proceedings opened; claim filed with the administrator",
            on=click.today,
            who=click.who,
        )


def _promise(session: Session, row: Listed) -> None:
    facts = facts_for(session, row.click)
    items = [item for item in facts.account.items if item.overdue(row.click.today)]
    if not items or any(promise.is_open(row.click.today) for promise in facts.account.promises):
        return
    promise_items(
        session,
        row.click,
        items=items,
        amount=None,
        due_on=row.click.today + timedelta(days=10),
        note="Said on the telephone",
        long_allowed=False,
    )


def _dispute(session: Session, row: Listed) -> None:
    account = facts_for(session, row.click).account
    if account.items and not any(item.disputed for item in account.items):
        item = account.items[-1]
        part = item.residual // 3 if item.residual > _SMALL else None
        dispute_items(
            session,
            row.click,
            items=[item],
            reason="Two frames arrived scratched; credit note asked for",
            amount=part,
        )


def _finish(session: Session, row: Listed, random: Random) -> None:
    if random.random() < _NOTED:
        write_note(session, row.click, text=random.choice(_NOTES))
    if open_follow_up(session, row.click) is None:
        # It was listed for a task alone, and that is done.
        return
    mark_done(session, row.click)
    if random.random() < _ASKS_FOR_COPIES:
        add_task(
            session,
            company_id=row.click.company_id,
            customer_id=row.click.customer_id,
            title="Send copies of the open invoices",
            due_on=row.click.today + timedelta(days=3),
            assignee_id=row.click.user_id,
            who=row.click.who,
        )
    if row.code == "review" or random.random() < _CALLED_AGAIN:
        later = Click(
            company_id=row.click.company_id,
            customer_id=row.click.customer_id,
            number=row.click.number + 1,
            who=row.click.who,
            user_id=row.click.user_id,
            today=row.click.today,
        )
        remind_manually(session, later, on=row.click.today + timedelta(days=14))


def _apply_cash(session: Session, row: Listed) -> bool:
    """Apply the customer's unapplied credits to what is open; whether there were any to apply."""
    click, was_applied = row.click, False
    for credit in unapplied_credits(
        session, company_id=click.company_id, customer_id=click.customer_id, day=click.today
    ):
        items = open_items(
            session, company_id=click.company_id, customer_id=click.customer_id, day=click.today
        )
        wanted = [item.id for item in items if item.currency == credit.currency]
        if wanted:
            apply(session, click.company_id, credit.id, items=wanted, on=click.today, who=click.who)
            was_applied = True
    return was_applied


_SAID = {
    Habit.KEEPS_WORD: "Will pay within ten days.",
    Habit.BREAKS_WORD: "Promised to pay within ten days.",
    Habit.DISPUTES: "Say that part of the delivery was damaged.",
    Habit.SILENT: "Nobody in accounts could be reached; left a message.",
    Habit.INSOLVENT: "The lawyer called back: insolvency proceedings.",
    Habit.SLOW: "Payment run is on the 25th.",
}
_NOTES = (
    "Prefers e-mail; telephone only in the morning.",
    "New head of accounts since summer.",
    "Asked for copies of all open invoices; sent.",
    "Sales would like to keep the tone friendly here.",
)
