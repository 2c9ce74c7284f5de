"""Print letter: prepare, render, store, record; and confirm that letters were posted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from arfollow.chatter import documents
from arfollow.chatter.operations import record
from arfollow.delivery.operations import add_letter, post_letters
from arfollow.delivery.operations.letters import GONE
from arfollow.delivery.tables import Delivery
from arfollow.followup.clicks import Click
from arfollow.followup.operations.recording import (
    facts_for,
    is_courtesy,
    is_followed,
    level_in_use,
    lock,
    open_follow_up,
    record_action,
)
from arfollow.followup.queries.messages import MessageFacts, message_facts
from arfollow.followup.tables import RecordedAction
from arfollow.statements.email import filename
from arfollow.statements.letter import Kind, Sheet, render_sheet
from arfollow.values.money import Money

PDF = "application/pdf"


class ChangedMeanwhileError(RuntimeError):
    """The account changed while the letter was rendered; prepare it again."""

    def __init__(self) -> None:
        super().__init__("The account changed while the letter was being written. Please try again.")


class NothingToPostError(ValueError):
    """No such letter waits to be posted."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing was changed: this letter was confirmed as posted before, or there is no such letter."
        )


def prepare_letter(session: Session, click: Click, *, draft: bool = False) -> MessageFacts:
    """What the customer's letter says today, at the level in use; a statement where none was reached.

    Raise NothingToClaimError, NoWordingError.
    """
    level_id = level_in_use(session, click)
    return message_facts(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        day=click.today,
        channel="letter",
        level_id=level_id,
        courtesy=is_courtesy(session, click, level_id),
        draft=draft,
    )


def render(facts: MessageFacts) -> bytes:
    """The PDF of the prepared letter."""
    return render_sheet(sheet(facts))


def sheet(facts: MessageFacts) -> Sheet:
    """What goes on paper: the letter, or the plain statement where no level was reached."""
    return Sheet(Kind.STATEMENT if facts.level is None else Kind.LETTER, facts.letter)


def print_letter(session: Session, click: Click, *, facts: MessageFacts, pdf: bytes) -> str:
    """Store and record the letter that was rendered of these facts; gives the document's SHA-256.

    A letter printed before in this follow-up is given again instead, and nothing is recorded. Raise OutdatedError;
    ChangedMeanwhileError when the facts are no longer true.
    """
    lock(session, click)
    if (before := printed(session, click)) is not None:
        return before
    if prepare_letter(session, click).letter.digest() != facts.letter.digest():
        raise ChangedMeanwhileError
    sha256 = documents.store(session, media_type=PDF, content=pdf)
    said = {"number": click.number, **summary(facts)}
    delivery_id = add_letter(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        key=click.key("letter", followed=is_followed(session, click, facts_for(session, click))),
        purpose="follow-up",
        title=facts.letter.title,
        filename=filename(facts.letter),
        sha256=sha256,
        facts=said,
        recipient=facts.letter.customer_name,
        who=click.who,
    )
    record_action(
        session, click, kind="letter", level_id=facts.level_id, delivery_id=delivery_id, document=sha256
    )
    record(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        tag="letter:printed",
        who=click.who,
        text=f"Letter “{facts.level}” printed" if facts.level else "Statement printed",
        facts={"delivery": delivery_id, **said},
        personal={"address": "\n".join(facts.letter.address)},
        documents=[sha256],
    )
    return sha256


def printed(session: Session, click: Click) -> str | None:
    """The letter printed in the open follow-up, or off the list earlier today; None when there is none that is still good."""
    follow_up = open_follow_up(session, click)
    if follow_up is None and is_followed(session, click, facts_for(session, click)):
        # What was printed before it came onto the list is no part of what begins now.
        return None
    same = (
        RecordedAction.follow_up_id == follow_up.id
        if follow_up
        else RecordedAction.follow_up_id.is_(None) & (RecordedAction.recorded_on == click.today)
    )
    return session.scalar(
        select(RecordedAction.document)
        .join(Delivery, Delivery.id == RecordedAction.delivery_id)
        .where(RecordedAction.customer_id == click.customer_id, RecordedAction.kind == "letter", same)
        .where(Delivery.state.not_in(GONE))
        .order_by(RecordedAction.id.desc())
        .limit(1)
    )


def confirm_posted(
    session: Session, *, company_id: int, action_ids: Collection[int], on: date, who: str
) -> int:
    """Say that these printed letters were posted; gives how many were not said to be before."""
    letters = session.scalars(
        select(RecordedAction)
        .where(
            RecordedAction.company_id == company_id,
            RecordedAction.kind == "letter",
            RecordedAction.id.in_(sorted(action_ids)),
            RecordedAction.posted_on.is_(None),
        )
        .with_for_update()
    ).all()
    posted = post_letters(
        session,
        company_id=company_id,
        delivery_ids=[letter.delivery_id for letter in letters if letter.delivery_id],
        who=who,
    )
    for letter in letters:
        if letter.delivery_id in posted:
            letter.posted_on = on
    return len(posted)


def summary(facts: MessageFacts) -> dict[str, object]:
    """What the chatter keeps of a message: level, wording version, what was claimed and for which items."""
    statement = facts.letter.statement
    return {
        "level": facts.level,
        "wording": facts.wording_id,
        "claimed": [Money(currency, minor) for currency, minor in sorted(statement.claimed.items())],
        "items": [row.label for block in statement.blocks for row in block.overdue],
        "deadline": facts.letter.deadline,
    }
