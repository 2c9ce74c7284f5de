"""A letter that was printed by mistake and not posted: withdrawn with a reason, and its follow-up not begun again."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from arfollow.chatter.operations import record
from arfollow.database import touch
from arfollow.delivery.operations.deciding import AlreadyDecidedError
from arfollow.delivery.operations.letters import GONE, discard_letter
from arfollow.delivery.tables import Delivery
from arfollow.followup.clicks import Click
from arfollow.followup.operations.recording import MONEY_MESSAGES, lock
from arfollow.followup.tables import CustomerState, FollowUp, FollowUpItem, RecordedAction
from arfollow.receivables.operations.lookup import required
from arfollow.values.refusals import N_, Refusal


class NotWithdrawableError(Refusal, ValueError):
    """The letter has left the house, or its follow-up is Done."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Nothing was changed: only a letter that was printed, not confirmed as posted, and whose follow-up is not Done, can be withdrawn. A Done can be taken back; a posted letter can be said to have come back."
            )
        )


def withdraw_letter(session: Session, click: Click, *, action_id: int, reason: str) -> None:
    """Say why this printed letter is not sent; it can be printed anew.

    The follow-up that it alone had begun is taken back, its frozen items with it. Raise OutdatedError, MissingTextError,
    NotWithdrawableError.
    """
    why = required(reason, "why the letter is not sent")
    state = lock(session, click)
    action = session.scalar(
        select(RecordedAction).where(
            RecordedAction.id == action_id,
            RecordedAction.customer_id == click.customer_id,
            RecordedAction.kind == "letter",
        )
    )
    if action is None or action.delivery_id is None:
        raise NotWithdrawableError
    follow_up = session.get(FollowUp, action.follow_up_id) if action.follow_up_id else None
    if follow_up is not None and follow_up.done_on is not None:
        raise NotWithdrawableError
    try:
        discard_letter(
            session, company_id=click.company_id, delivery_id=action.delivery_id, reason=why, who=click.who
        )
    except AlreadyDecidedError:
        raise NotWithdrawableError from None
    session.flush()
    if follow_up is not None:
        _leave(session, click, action, follow_up)
    _restore_contact(session, state)
    touch(session, [click.customer_id])


def _leave(session: Session, click: Click, action: RecordedAction, follow_up: FollowUp) -> None:
    """Take the letter out of the follow-up, and end that where nothing else was done in it."""
    action.follow_up_id = None
    session.flush()
    last_on = session.scalar(
        select(func.max(RecordedAction.recorded_on)).where(RecordedAction.follow_up_id == follow_up.id)
    )
    if last_on is not None:
        follow_up.last_action_on = last_on
        return
    session.execute(delete(FollowUpItem).where(FollowUpItem.follow_up_id == follow_up.id))
    session.delete(follow_up)
    session.flush()
    record(
        session,
        company_id=click.company_id,
        customer_id=click.customer_id,
        tag="follow-up:taken-back",
        who=click.who,
        text="The follow-up is not begun any more: nothing but the withdrawn letter was recorded in it",
        facts={"number": click.number},
    )


def _restore_contact(session: Session, state: CustomerState) -> None:
    """What stands as the last contact, and as the last message off the list, once the letter does not count."""
    last = session.execute(_good(state.customer_id).limit(1)).one_or_none()
    state.last_contact_on = last.recorded_on if last else None
    state.last_contact_kind = last.kind if last else ""
    message = session.execute(
        _good(state.customer_id)
        .where(RecordedAction.follow_up_id.is_(None), RecordedAction.kind.in_(MONEY_MESSAGES))
        .limit(1)
    ).one_or_none()
    state.last_message_on = message.recorded_on if message else None


def _good(customer_id: int) -> Select[date, str]:
    """The day and kind of the customer's actions, the latest first, without letters that went nowhere."""
    return (
        select(RecordedAction.recorded_on, RecordedAction.kind)
        .outerjoin(Delivery, Delivery.id == RecordedAction.delivery_id)
        .where(
            RecordedAction.customer_id == customer_id,
            Delivery.state.is_(None) | Delivery.state.not_in(GONE),
        )
        .order_by(RecordedAction.recorded_on.desc(), RecordedAction.id.desc())
    )
