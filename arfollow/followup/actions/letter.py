"""Print letter: prepare, render, store, record; and confirm that letters were posted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from arfollow.chatter import documents
from arfollow.chatter.operations import record
from arfollow.delivery.operations import add_letter, post_letters
from arfollow.delivery.operations.letters import GONE
from arfollow.delivery.tables import Delivery
from arfollow.followup.clicks import Click, OutdatedError
from arfollow.followup.operations.recording import lock, record_action
from arfollow.followup.queries.messages import UNWRITTEN, MessageFacts, Unwritten, messages_facts
from arfollow.followup.queries.standings import Standings, standings
from arfollow.followup.tables import RecordedAction
from arfollow.statements.email import filename
from arfollow.statements.letter import Kind, Sheet, render_sheet
from arfollow.values.money import Money
from arfollow.values.refusals import N_, Refusal

PDF = "application/pdf"


class ChangedMeanwhileError(Refusal, RuntimeError):
    """The account changed while the letter was rendered; prepare it again."""

    def __init__(self) -> None:
        super().__init__(N_("The account changed while the letter was being written. Please try again."))


class NothingToPostError(Refusal, ValueError):
    """No such letter waits to be posted."""

    def __init__(self) -> None:
        super().__init__(
            N_("Nothing was changed: this letter was confirmed as posted before, or there is no such letter.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedLetter:
    """A letter that was rendered of these facts, at this click."""

    click: Click
    facts: MessageFacts
    pdf: bytes


def prepare_letter(session: Session, click: Click, *, draft: bool = False) -> MessageFacts:
    """What the customer's letter says today, at the level in use; a statement where none was reached.

    Raise NothingToClaimError, NoWordingError.
    """
    found = prepare_letters(session, [click], draft=draft)[click.customer_id]
    if isinstance(found, UNWRITTEN):
        raise found
    return found


def prepare_letters(
    session: Session, clicks: Sequence[Click], *, draft: bool = False
) -> dict[int, MessageFacts | Unwritten]:
    """The same for many clicks of one company and day, by customer: its letter, or why there is none."""
    return _prepared(session, clicks, standings(session, clicks), draft=draft)


def _prepared(
    session: Session, clicks: Sequence[Click], standing: Standings, *, draft: bool = False
) -> dict[int, MessageFacts | Unwritten]:
    if not clicks:
        return {}
    found = messages_facts(
        session,
        company_id=clicks[0].company_id,
        levels={click.customer_id: standing.level_id(click.customer_id) for click in clicks},
        courtesies=[click.customer_id for click in clicks if standing.is_courtesy(click.customer_id)],
        day=clicks[0].today,
        channel="letter",
    )
    return {
        customer_id: replace(facts, letter=replace(facts.letter, draft=draft))
        if isinstance(facts, MessageFacts)
        else facts
        for customer_id, facts in found.items()
    }


def render(facts: MessageFacts) -> bytes:
    """The PDF of the prepared letter."""
    return render_sheet(sheet(facts))


def sheet(facts: MessageFacts) -> Sheet:
    """What goes on paper: the letter, or the plain statement where no level was reached."""
    return Sheet(Kind.STATEMENT if facts.level is None else Kind.LETTER, facts.letter)


def print_letter(session: Session, click: Click, *, facts: MessageFacts, pdf: bytes) -> str:
    """Store and record the letter that was rendered of these facts; gives the document's SHA-256.

    A letter printed before in this follow-up is given again instead, and nothing is recorded. Raise OutdatedError;
    ChangedMeanwhileError when the facts are no longer true; NothingToClaimError, NoWordingError.
    """
    letter = RenderedLetter(click=click, facts=facts, pdf=pdf)
    given = print_letters(session, [letter])[click.customer_id]
    if isinstance(given, str):
        return given
    raise given


def print_letters(
    session: Session, letters: Sequence[RenderedLetter]
) -> dict[int, str | Unwritten | OutdatedError | ChangedMeanwhileError]:
    """The same for many customers of one company, each once; by customer, or why it was not printed."""
    given: dict[int, str | Unwritten | OutdatedError | ChangedMeanwhileError] = {}
    # In this order everywhere, so that no two transactions wait for each other.
    for letter in sorted(letters, key=lambda each: each.click.customer_id):
        try:
            lock(session, letter.click)
        except OutdatedError as problem:
            given[letter.click.customer_id] = problem
    clicks = [each.click for each in letters if each.click.customer_id not in given]
    standing = standings(session, clicks)
    given |= _printed(session, clicks, standing)
    due = [each for each in letters if each.click.customer_id not in given]
    now = _prepared(session, [each.click for each in due], standing)
    return given | {
        each.click.customer_id: _print(session, each, now[each.click.customer_id], standing) for each in due
    }


def _print(
    session: Session, letter: RenderedLetter, now: MessageFacts | Unwritten, standing: Standings
) -> str | Unwritten | ChangedMeanwhileError:
    if isinstance(now, UNWRITTEN):
        return now
    if now.letter.digest() != letter.facts.letter.digest():
        return ChangedMeanwhileError()
    return _record(session, letter, standing)


def _record(session: Session, letter: RenderedLetter, standing: Standings) -> str:
    click, facts = letter.click, letter.facts
    sha256 = documents.store(session, media_type=PDF, content=letter.pdf)
    said = {"number": click.number, **summary(facts)}
    delivery_id = add_letter(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        key=click.key("letter", followed=standing.is_followed(click.customer_id)),
        purpose="follow-up",
        title=facts.letter.title,
        filename=filename(facts.letter),
        sha256=sha256,
        facts=said,
        recipient=facts.letter.customer_name,
        who=click.who,
    )
    record_action(
        session,
        click,
        kind="letter",
        level_id=facts.level_id,
        delivery_id=delivery_id,
        document=sha256,
        facts=standing.facts[click.customer_id],
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
    return printed_letters(session, [click]).get(click.customer_id)


def printed_letters(session: Session, clicks: Sequence[Click]) -> dict[int, str]:
    """The same for many clicks of one company and day, by customer."""
    return _printed(session, clicks, standings(session, clicks))


def _printed(session: Session, clicks: Sequence[Click], standing: Standings) -> dict[int, str]:
    today = {click.customer_id: click.today for click in clicks}
    rows = session.execute(
        select(
            RecordedAction.customer_id,
            RecordedAction.follow_up_id,
            RecordedAction.recorded_on,
            RecordedAction.document,
        )
        .join(Delivery, Delivery.id == RecordedAction.delivery_id)
        .where(RecordedAction.customer_id.in_(today), RecordedAction.kind == "letter")
        .where(Delivery.state.not_in(GONE))
        .order_by(RecordedAction.id)
    )
    # The newest stands last, and stays.
    return {
        row.customer_id: row.document
        for row in rows
        if _is_good(row.follow_up_id, row.recorded_on, row.customer_id, today[row.customer_id], standing)
    }


def _is_good(
    follow_up_id: int | None, recorded_on: date, customer_id: int, today: date, standing: Standings
) -> bool:
    begun = standing.begun.get(customer_id)
    if begun is not None:
        return follow_up_id == begun.id
    # What was printed before it came onto the list is no part of what begins now.
    return follow_up_id is None and recorded_on == today and not standing.is_followed(customer_id)


def confirm_posted(
    session: Session, *, company_id: int, delivery_ids: Collection[int], on: date, who: str
) -> int:
    """Say that these printed letters were posted; gives how many were not said to be before."""
    posted = post_letters(session, company_id=company_id, delivery_ids=delivery_ids, who=who)
    session.execute(
        update(RecordedAction).where(RecordedAction.delivery_id.in_(posted)).values(posted_on=on),
        execution_options={"synchronize_session": "fetch"},
    )
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
